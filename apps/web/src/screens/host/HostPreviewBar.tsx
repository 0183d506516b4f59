import type { Operations, OutputOf } from '@matchday/contracts'
import { PreviewBar } from '../office/PreviewBar.tsx'

type Props = { organization: OutputOf<Operations['getOrganization']> }

/** The same bar as in the office, while an administrator runs somebody's tournament. */
export function HostPreviewBar({ organization }: Props) {
  return <PreviewBar seen={organization} onLeft={async () => {}} />
}
