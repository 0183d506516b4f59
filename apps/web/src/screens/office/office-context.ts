import type { Operations, OutputOf } from '@matchday/contracts'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

export type StaffProfile = OutputOf<Operations['getStaffProfile']>
export type Membership = OutputOf<Operations['listMyOrganizations']>['items'][number]
export type Organization = OutputOf<Operations['getOrganization']>

/** Who is signed in, and where he belongs to. */
export type Office = {
  profile: StaffProfile
  memberships: readonly Membership[]
  /** Something of this has changed. */
  reload: () => Promise<void>
}

export const OfficeContext = createContext<Office | null>(null)

/** Only below `OfficeGate`, which waits until all of it is known. */
export function useOffice(): Office {
  const office = useContext(OfficeContext)
  if (office === null) throw new Error('this screen is shown outside the office')
  return office
}
