import type { Organization } from '../office/office-context.ts'

/** What each part of an organisation's office is given. */
export type PartProps = {
  organization: Organization
  /** Something about the organisation itself is different now. */
  changed: () => Promise<void>
}
