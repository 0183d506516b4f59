import { isId, tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { type FoundRow, foundColumns, listedItem } from './listed-item.ts'
import { pageOf, pageSize } from './page.ts'

/** Newest first: an id holds the time at which it was made. */
const statement = /* sql */ `
select ${foundColumns}
  from listed_tournaments t left join known_organizations o on o.id = t.organization_id
  where t.organization_id = $1 and ($2::uuid is null or t.id < $2)
  order by t.id desc limit $3`

export const listOrganizationTournaments = () =>
  read(
    tournamentOperations.listOrganizationTournaments,
    async ({ organizationId, after, limit }, _caller, context) => {
      // A cursor that is none leads to nothing.
      if (after !== undefined && !isId(after)) return { kind: 'ok', body: { items: [], next: null } }
      const size = pageSize(limit)
      const rows = await context.rows<FoundRow>(statement, [organizationId, after ?? null, size + 1])
      const page = pageOf(rows, size, ({ id }) => id)
      return { kind: 'ok', body: { items: page.items.map(listedItem), next: page.next } }
    },
  )
