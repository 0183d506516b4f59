import type { OrganizationId } from '@matchday/contracts'
import { useLocation } from 'preact-iso'
import { LineIcon } from '../../components/Icon.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { organizationPath } from './place.ts'
import '../../people/people.css'
import './office.css'

const glassesShape = [
  'M6.500 12a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z M17.500 12a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z',
  'M10 15.200c1.200-1 2.800-1 4 0 M3.200 14.200L5.500 5h2 M20.800 14.200L18.500 5h-2',
].join('')

type Props = {
  /** The organisation that is looked into. */
  seen: { organizationId: OrganizationId; name: string }
  onLeft: () => Promise<void>
}

/** On every screen while an administrator looks into somebody's organisation, so that he never forgets. */
export function PreviewBar({ seen, onLeft }: Props) {
  const { preview } = officeTexts()
  const { route } = useLocation()
  const command = useStaffCommand('leavePreview')
  const leave = async () => {
    const sent = await command.send({})
    if (sent.status !== 'done') return
    await onLeft()
    route('/admin')
  }
  return (
    <aside class="preview-bar" aria-label={preview.title} data-testid="preview-bar">
      <LineIcon shape={glassesShape} />
      <p>
        {preview.title} <a href={organizationPath(seen.organizationId)}>{seen.name}</a>
      </p>
      <button type="button" class="button" disabled={command.isBusy} onClick={() => void leave()}>
        {preview.leave}
      </button>
    </aside>
  )
}
