import { Icon } from '../components/Icon.tsx'
import { peopleTexts } from '../i18n/people.ts'

/** Says so where passwords are typed and anybody in the network could read along. */
export function PlainHttpNotice() {
  if (!isPlainHttp(location)) return null
  const { plainHttp } = peopleTexts()
  return (
    <p class="plain-http" role="note" data-testid="plain-http">
      <Icon name="lock" />
      <span>
        <strong>{plainHttp.title}</strong> {plainHttp.about}
      </span>
    </p>
  )
}

/** What a computer says to itself can't be read along by others. */
export function isPlainHttp({ protocol, hostname }: { protocol: string; hostname: string }): boolean {
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\]|.+\.localhost)$/.test(hostname)
}
