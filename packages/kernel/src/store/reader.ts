import { Fault } from '../fault.ts'
import type { JsonObject } from '../message.ts'
import { textArray } from './append-parameters.ts'
import type { Connections } from './database.ts'
import { type Checkpoint, type ReadBatch, type RecordedEvent, storeLimits } from './port.ts'

/**
 * Only transactions older than every one still open are read: what comes after a checkpoint can then no
 * longer grow before it. A transaction that stays open delays readers (at most `idleInTransactionTimeoutMs`),
 * nothing is lost. (The order names the table's columns: a bare `xid` would be the text in the result, where
 * 999 comes after 1000.)
 */
const readStatement = {
  name: 'read',
  text: /* sql */ `
    select xid::text, position::text, stream, version, type, data, at::text, by_kind, actor
    from events
    where (xid, position) > ($1::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by events.xid, events.position limit $3`,
}
/** As above, but only the place of what nobody wants: it need not be sent, nor made objects of. */
const readTypesStatement = {
  name: 'read_types',
  text: /* sql */ `
    select xid::text, position::text, stream, version, type, data, at::text, by_kind, actor, is_wanted, seen
    from (
      select *, type = any ($4::text[]) as is_wanted, (count(*) over ())::integer as seen,
        row_number() over (order by xid, position) as place
      from (
        select * from events
        where (xid, position) > ($1::xid8, $2::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
        order by events.xid, events.position limit $3
      ) as page
    ) as placed
    where is_wanted or place = seen order by place`,
}
const eventsStatement = {
  name: 'events_of',
  text: /* sql */ `
    select stream, version, type, data, at::text, by_kind, actor from events
    where stream = $1 and version > $2 order by version limit $3`,
}
/** For a copy of the database, which may be one of another time than that of whoever asks. */
const eventsOfEpochStatement = {
  name: 'events_of_epoch',
  text: /* sql */ `
    select stream, version, type, data, at::text, by_kind, actor,
      (select coalesce(redactions, 0) from streams where id = $1) as redactions
    from events
    where stream = $1 and version > $2 and exists (select from store_meta where epoch = $4)
    order by version limit $3`,
}
/** Also used inside a view's transaction. */
export const checkpointStatement = {
  name: 'checkpoint',
  text: 'select epoch, xid::text, position::text from readers where name = $1',
}
/** Also used inside a view's transaction, with its rows. */
export const saveCheckpointStatement = {
  name: 'save_checkpoint',
  text: /* sql */ `
    insert into readers (name, epoch, xid, position) values ($1, $2, $3, $4)
    on conflict (name) do update
    set epoch = excluded.epoch, xid = excluded.xid, position = excluded.position`,
}

type EventRow = {
  stream: string
  version: number
  type: string
  data: JsonObject
  /** As PostgreSQL writes it, in UTC: reading it as a date, to write it once more, takes many times as long. */
  at: string
  by_kind: string
  actor: string | null
}
type ReadRow = EventRow & { xid: string; position: string }
type PlacedRow = ReadRow & { is_wanted: boolean; seen: number }

/**
 * Throws Fault `checkpoint-of-another-epoch` when the store was restored since: whoever follows must start
 * anew.
 */
export async function readCommitted(
  connections: Connections,
  epoch: string,
  after: Checkpoint | null,
  limit: number,
  types?: readonly string[],
): Promise<ReadBatch> {
  if (after !== null && after.epoch !== epoch) {
    throw new Fault('checkpoint-of-another-epoch', 'The store was restored since this checkpoint', {
      hint: 'Start reading from the beginning.',
    })
  }
  const from = after ?? { epoch, xid: '0', position: '0' }
  const bound = Math.min(limit, storeLimits.readBatchMax)
  const values = [from.xid, from.position, bound]
  if (types === undefined) {
    const rows = await connections.query<ReadRow>(readStatement, values)
    return { events: rows.map(recordedEvent), checkpoint: placeOf(rows, from), isFull: rows.length >= bound }
  }
  const rows = await connections.query<PlacedRow>(readTypesStatement, [...values, textArray(types)])
  const wanted = rows.filter((row) => row.is_wanted)
  const seen = rows[0]?.seen ?? 0
  return { events: wanted.map(recordedEvent), checkpoint: placeOf(rows, from), isFull: seen >= bound }
}

function placeOf(rows: readonly ReadRow[], from: Checkpoint): Checkpoint {
  const last = rows.at(-1)
  return last === undefined ? from : { epoch: from.epoch, xid: last.xid, position: last.position }
}

export async function eventsOfStream(
  connections: Connections,
  stream: string,
  after: number,
  limit: number,
): Promise<readonly RecordedEvent[]> {
  return (await connections.query<EventRow>(eventsStatement, [stream, after, limit])).map(recordedEvent)
}

/** Events as they are told after so many redactions of their stream; without events it says nothing. */
export type CopiedPage = { readonly events: readonly RecordedEvent[]; readonly redactions: number }

/** As `eventsOfStream`, and nothing when the store is of another epoch. */
export async function eventsOfEpoch(
  connections: Connections,
  epoch: string,
  stream: string,
  after: number,
  limit: number,
): Promise<CopiedPage> {
  const values = [stream, after, limit, epoch]
  const rows = await connections.query<EventRow & { redactions: number }>(eventsOfEpochStatement, values)
  return { events: rows.map(recordedEvent), redactions: rows[0]?.redactions ?? 0 }
}

export async function readCheckpoint(connections: Connections, reader: string): Promise<Checkpoint | null> {
  return (await connections.query<Checkpoint>(checkpointStatement, [reader]))[0] ?? null
}

export async function writeCheckpoint(
  connections: Connections,
  reader: string,
  checkpoint: Checkpoint,
): Promise<void> {
  await connections.query(saveCheckpointStatement, [
    reader,
    checkpoint.epoch,
    checkpoint.xid,
    checkpoint.position,
  ])
}

function recordedEvent(row: EventRow): RecordedEvent {
  return {
    stream: row.stream,
    version: row.version,
    type: row.type,
    data: row.data,
    at: isoOf(row.at),
    by: row.by_kind,
    ...(row.actor === null ? {} : { actor: row.actor }),
  }
}

/** `2026-01-31 12:00:00.5+00` as `2026-01-31T12:00:00.500Z`: events have whole milliseconds, and ends of zeros are left out. */
function isoOf(at: string): string {
  const time = at.slice('2026-01-31 '.length, -'+00'.length)
  const whole = time.includes('.') ? time.padEnd('12:00:00.000'.length, '0') : `${time}.000`
  return `${at.slice(0, '2026-01-31'.length)}T${whole}Z`
}
