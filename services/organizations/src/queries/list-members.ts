import { type OrganizationRole, organizationOperations, type StaffId } from '@matchday/contracts'
import { actorIn } from '../domain/actor.ts'
import { mayManage } from '../domain/managing.ts'
import { memberRead } from '../guarded-read.ts'
import { pageOf, shownPage } from '../pages.ts'
import { peopleOf } from '../people.ts'

type Member = {
  readonly memberId: string
  readonly accountId: StaffId
  readonly role: OrganizationRole
  readonly since: Date
}

export const listMembers = () =>
  memberRead(organizationOperations.listMembers, async (input, context, authority, caller) => {
    const { after, rowsMax } = pageOf(input)
    const rows = await context.rows<Member>(
      `select member_id as "memberId", account_id as "accountId", role, since from members
       where organization_id = $1 and ($2::uuid is null or member_id > $2)
       order by member_id limit $3`,
      [input.organizationId, after, rowsMax],
    )
    const own = actorIn(caller).id
    const people = await peopleOf(
      context.ask,
      rows.slice(0, rowsMax - 1).map(({ accountId }) => accountId),
    )
    const shown = ({ accountId, role, since }: Member) => {
      const person = people.get(accountId)
      return {
        accountId,
        role,
        since: since.toISOString(),
        firstName: person?.firstName ?? null,
        lastName: person?.lastName ?? null,
        email: person?.email ?? null,
        phone: person?.phone ?? null,
        isManageable: accountId !== own && mayManage(authority, role),
      }
    }
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ memberId }) => memberId, shown) }
  })
