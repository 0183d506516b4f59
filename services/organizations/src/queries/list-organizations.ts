import { nameKey, organizationOperations } from '@matchday/contracts'
import { guardedRead } from '../guarded-read.ts'
import { type OrganizationRow, organizationColumns } from '../organization-rows.ts'
import { pageOf, shownPage } from '../pages.ts'

type Listed = OrganizationRow & { readonly members: number }

/** Of `organizations o`. */
const memberCount = `(
  select count(*) from members m where m.organization_id = o.organization_id
)::integer as members`

export const listOrganizations = () =>
  guardedRead(organizationOperations.listOrganizations, async (input, context) => {
    const { after, rowsMax } = pageOf(input)
    const { status = null, query } = input
    // What is searched for is found as it stands: nothing in it means anything but itself.
    const rows = await context.rows<Listed>(
      `select ${organizationColumns}, ${memberCount} from organizations o
       where ($1::uuid is null or organization_id < $1)
         and ($2::text is null or status = $2)
         and ($3::text is null or strpos(name_key, $3) > 0)
       order by organization_id desc limit $4`,
      [after, status, query === undefined ? null : nameKey(query), rowsMax],
    )
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ organizationId }) => organizationId, shown) }
  })

const shown = ({ version: _, createdAt, ...row }: Listed) => ({ ...row, createdAt: createdAt.toISOString() })
