import { organizationOperations, type StaffId } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { guardedRead } from '../guarded-read.ts'
import { organizationOf } from '../organization-rows.ts'
import { peopleOf } from '../people.ts'

/** As many as the contract shows; the first ones. */
const ownersMax = 20

export const inspectOrganization = () =>
  guardedRead(organizationOperations.inspectOrganization, async ({ organizationId }, context) => {
    const organization = await organizationOf(context.rows, organizationId)
    if (organization === undefined) return reject('not-found')
    const [counted] = await context.rows<{ members: number }>(
      'select count(*)::integer as members from members where organization_id = $1',
      [organizationId],
    )
    const owners = await context.rows<{ accountId: StaffId }>(
      `select account_id as "accountId" from members where organization_id = $1 and role = 'owner'
       order by member_id limit $2`,
      [organizationId, ownersMax],
    )
    const people = await peopleOf(
      context.ask,
      owners.map(({ accountId }) => accountId),
    )
    const shownOwner = (accountId: StaffId) => {
      const person = people.get(accountId)
      const { firstName = null, lastName = null, email = null } = person ?? {}
      return { accountId, firstName, lastName, email }
    }
    const { createdAt, ...shown } = organization
    return {
      kind: 'ok',
      body: {
        ...shown,
        members: counted!.members,
        owners: owners.map(({ accountId }) => shownOwner(accountId)),
        createdAt: createdAt.toISOString(),
      },
    }
  })
