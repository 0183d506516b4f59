import type { OrganizationStatus } from '@matchday/contracts'
import { officeTexts } from '../../i18n/office.ts'

/** Nothing for the usual state. */
export function StatusPill({ status }: { status: OrganizationStatus }) {
  if (status === 'approved') return null
  return (
    <span class="tag" data-kind={status}>
      {officeTexts().status[status]}
    </span>
  )
}
