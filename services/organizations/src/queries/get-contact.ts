import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { contactOf } from '../contact-rows.ts'
import { memberRead } from '../guarded-read.ts'

export const getContact = () =>
  memberRead(organizationOperations.getContact, async ({ organizationId, contactId }, context) => {
    const contact = await contactOf(context.rows, organizationId, contactId)
    return contact === undefined ? reject('not-found') : { kind: 'ok', body: contact }
  })
