import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { contactOf } from '../contact-rows.ts'
import { changedContact, isSameContact } from '../domain/contact.ts'
import { memberCommand } from '../member-command.ts'
import { rowsOf } from '../rows.ts'

export const changeContact = () =>
  memberCommand(organizationOperations.changeContact, {
    async run(transaction, { input: { organizationId, contactId, ...typed } }) {
      const before = await contactOf(rowsOf(transaction), organizationId, contactId)
      if (before === undefined) return reject('not-found')
      const contact = changedContact(before, typed)
      if (isSameContact(contact, before)) return { kind: 'accepted', answer: {}, changes: [] }
      const { firstName, lastName, email, phone, notes } = contact
      await transaction.query(
        `update contacts set first_name = $2, last_name = $3, email = $4, phone = $5, notes = $6
         where contact_id = $1`,
        [contactId, firstName, lastName, email, phone, notes],
      )
      const after = { tournamentId: before.tournamentId, ...contact }
      return {
        kind: 'accepted',
        answer: {},
        changes: [{ organizationId, thing: 'contact', thingId: contactId, action: 'changed', after }],
      }
    },
    present: () => undefined,
  })
