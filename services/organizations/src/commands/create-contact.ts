import { type ContactId, newId, organizationLimits, organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { changedContact, noContact } from '../domain/contact.ts'
import { memberCommand } from '../member-command.ts'

type ContactAnswer = { readonly contactId: ContactId }

export const createContact = () =>
  memberCommand(organizationOperations.createContact, {
    tournamentOf: ({ tournamentId }) => tournamentId,
    async run(transaction, { input: { organizationId, tournamentId, ...typed }, now }) {
      const [existing] = await transaction.query<{ count: number }>(
        'select count(*)::integer as count from contacts where organization_id = $1 and tournament_id = $2',
        [organizationId, tournamentId],
      )
      if (existing!.count >= organizationLimits.contactsPerTournamentMax) return reject('limit-reached')
      const contactId = newId<'contact'>(Date.parse(now))
      const contact = changedContact(noContact, typed)
      const { firstName, lastName, email, phone, notes } = contact
      await transaction.query(
        `insert into contacts
         (contact_id, organization_id, tournament_id, first_name, last_name, email, phone, notes)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [contactId, organizationId, tournamentId, firstName, lastName, email, phone, notes],
      )
      const after = { tournamentId, ...contact }
      return {
        kind: 'accepted',
        answer: { contactId },
        changes: [{ organizationId, thing: 'contact', thingId: contactId, action: 'created', after }],
      }
    },
    present: (answer: ContactAnswer) => answer,
  })
