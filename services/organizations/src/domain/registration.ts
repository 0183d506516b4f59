import type { OrganizationStatus, PlatformRole } from '@matchday/contracts'
import { type Rejected, rejected } from './rejected.ts'

/**
 * `closed`: superadministrators register, approved at once · `approved`: everybody, and an administrator approves ·
 * `open`: everybody, approved at once.
 */
export type RegistrationMode = 'open' | 'approved' | 'closed'

/** What an organisation begins as. */
export function statusAtRegistration(
  mode: RegistrationMode,
  platformRole: PlatformRole | undefined,
): { readonly status: OrganizationStatus } | Rejected<'registration-closed'> {
  switch (mode) {
    case 'open':
      return { status: 'approved' }
    case 'approved':
      return { status: 'pending' }
    case 'closed':
      return platformRole === 'superadmin' ? { status: 'approved' } : rejected('registration-closed')
    default:
      return mode satisfies never
  }
}
