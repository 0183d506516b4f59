import type { RecordedEvent, Transaction, View } from '@matchday/kernel'
import { type ListedRow, listedAfter, listedEventTypes } from './listed-row.ts'

const table = /* sql */ `
create table listed_tournaments (
  id uuid primary key,
  organization_id uuid not null,
  name text not null,
  seats integer not null,
  players integer not null,
  status text not null,
  joining boolean not null,
  join_code text not null,
  details jsonb not null,
  is_public boolean not null,
  begins_ms bigint not null,
  over_ms bigint not null,
  searched_text text not null
);
create index listed_tournaments_by_time on listed_tournaments (begins_ms, id) where is_public;
create index listed_tournaments_of_organization on listed_tournaments (organization_id, id);
`
const load = /* sql */ `select to_jsonb(listed_tournaments) as row from listed_tournaments where id = any($1::uuid[])`
const save = /* sql */ `
insert into listed_tournaments
  select * from jsonb_populate_recordset(null::listed_tournaments, $1::jsonb)
on conflict (id) do update set
  organization_id = excluded.organization_id, name = excluded.name, players = excluded.players,
  status = excluded.status, joining = excluded.joining, details = excluded.details,
  is_public = excluded.is_public, begins_ms = excluded.begins_ms, over_ms = excluded.over_ms,
  searched_text = excluded.searched_text
`

/** The tournaments of organisations, for lists and for the search. Those that are nobody's are not in here. */
export const listedTournamentsView: View = {
  name: 'listed-tournaments',
  schema: 1,
  types: listedEventTypes,
  async create(transaction) {
    await transaction.query(table)
  },
  async drop(transaction) {
    await transaction.query('drop table listed_tournaments')
  },
  apply: applyEvents,
}

async function applyEvents(transaction: Transaction, events: readonly RecordedEvent[]): Promise<void> {
  const streams = [...new Set(events.map(({ stream }) => stream))]
  const found = await transaction.query<{ row: ListedRow }>(load, [streams])
  const rows = new Map<string, ListedRow>(found.map(({ row }) => [row.id, row]))
  const touched = new Map<string, ListedRow>()
  for (const event of events) {
    const before = rows.get(event.stream) ?? null
    const after = listedAfter(before, event)
    if (after === null) continue
    rows.set(event.stream, after)
    touched.set(event.stream, after)
  }
  if (touched.size > 0) await transaction.query(save, [JSON.stringify([...touched.values()])])
}
