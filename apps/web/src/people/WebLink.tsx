import { isWebAddress } from './field-errors.ts'

/** A web address that somebody typed: a link if it is one to the web, and a text if it is anything else. */
export function WebLink({ address }: { address: string }) {
  const shown = address.replace(/^https?:\/\//i, '').replace(/\/$/, '')
  if (!isWebAddress(address)) return <span>{address}</span>
  return (
    <a href={address} rel="noreferrer noopener" target="_blank">
      {shown}
    </a>
  )
}
