import type { ContactId, OrganizationId, TournamentId } from '@matchday/contracts'
import type { Contact } from './domain/contact.ts'
import type { Rows } from './rows.ts'

export type ContactRow = Contact & { readonly contactId: ContactId; readonly tournamentId: TournamentId }

export const contactColumns = `contact_id as "contactId", tournament_id as "tournamentId",
  first_name as "firstName", last_name as "lastName", email, phone, notes`

export async function contactOf(
  rows: Rows,
  organizationId: OrganizationId,
  contactId: ContactId,
): Promise<ContactRow | undefined> {
  const [row] = await rows<ContactRow>(
    `select ${contactColumns} from contacts where organization_id = $1 and contact_id = $2`,
    [organizationId, contactId],
  )
  return row
}
