import {
  type OrganizationId,
  type OrganizationRole,
  type OrganizationStatus,
  organizationOperations,
} from '@matchday/contracts'
import { accountIn } from '../domain/actor.ts'
import { guardedRead } from '../guarded-read.ts'
import { pageOf, shownPage } from '../pages.ts'

type Mine = {
  readonly organizationId: OrganizationId
  readonly name: string
  readonly status: OrganizationStatus
  readonly role: OrganizationRole
  readonly isPreview: boolean
}

/** Oldest first. Whoever looks into an organisation that he belongs to sees it once, and as its owner does. */
export const listMyOrganizations = () =>
  guardedRead(organizationOperations.listMyOrganizations, async (input, context, caller) => {
    const { after, rowsMax } = pageOf(input)
    const isAdministrator = caller.kind === 'staff' && caller.platformRole !== undefined
    const rows = await context.rows<Mine>(
      `select organization_id as "organizationId", name, status,
         case when p.account_id is null then m.role else 'owner' end as role,
         p.account_id is not null as "isPreview"
       from (
         select organization_id from members where account_id = $1
         union select organization_id from previews where account_id = $1
       ) mine
       join organizations using (organization_id)
       left join (select * from members where account_id = $1) m using (organization_id)
       left join (select * from previews where account_id = $1 and until > now() and $2) p
         using (organization_id)
       where (m.account_id is not null or p.account_id is not null)
         and ($3::uuid is null or organization_id > $3)
       order by organization_id limit $4`,
      [accountIn(caller), isAdministrator, after, rowsMax],
    )
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ organizationId }) => organizationId, shown) }
  })

const shown = (row: Mine): Mine => row
