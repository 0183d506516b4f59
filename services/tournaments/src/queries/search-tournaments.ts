import { isId, nameKey, tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { neverMs } from '../views/listed-row.ts'
import { type FoundRow, foundColumns, listedItem } from './listed-item.ts'
import { pageOf, pageSize } from './page.ts'

/**
 * $1 text as a pattern · $2 and $3 from and to in ms · $4 and $5 what the page before ended with · $6 how many. What is
 * over, or was put into the archive, is found by whoever names a time that lies in the past.
 */
const statement = /* sql */ `
select ${foundColumns}
  from listed_tournaments t join known_organizations o on o.id = t.organization_id
  where t.is_public and o.status = 'approved'
    and ($1::text is null or t.searched_text like $1)
    and ($2::bigint is not null or $3::bigint < extract(epoch from now()) * 1000
      or (t.status <> 'archived' and t.over_ms > extract(epoch from now()) * 1000))
    and ($2::bigint is null or t.over_ms >= $2)
    and ($3::bigint is null or t.begins_ms <= $3)
    and (($2::bigint is null and $3::bigint is null) or t.begins_ms < ${neverMs})
    and ($4::bigint is null or (t.begins_ms, t.id) > ($4::bigint, $5::uuid))
  order by t.begins_ms, t.id limit $6`

export const searchTournaments = () =>
  read(
    tournamentOperations.searchTournaments,
    async ({ query, from, to, after, limit }, _caller, context) => {
      const cursor = after === undefined ? null : parseCursor(after)
      // A cursor that is none leads to nothing.
      if (cursor === undefined) return { kind: 'ok', body: { items: [], next: null } }
      const size = pageSize(limit)
      const rows = await context.rows<FoundRow>(statement, [
        patternOf(query ?? ''),
        from === undefined ? null : Date.parse(from),
        to === undefined ? null : Date.parse(to),
        cursor?.beginsMs ?? null,
        cursor?.id ?? null,
        size + 1,
      ])
      const page = pageOf(rows, size, ({ begins_ms, id }) => `${begins_ms}.${id}`)
      return { kind: 'ok', body: { items: page.items.map(listedItem), next: page.next } }
    },
  )

/** Anywhere in the text; what would be a wildcard stands for itself. null: any text. */
function patternOf(query: string): string | null {
  const key = nameKey(query)
  return key === '' ? null : `%${key.replace(/[\\%_]/g, '\\$&')}%`
}

/** undefined: it is none that this operation has given. */
function parseCursor(text: string): { beginsMs: string; id: string } | undefined {
  const [beginsMs = '', id, ...more] = text.split('.')
  return /^\d{1,16}$/.test(beginsMs) && isId(id) && more.length === 0 ? { beginsMs, id } : undefined
}
