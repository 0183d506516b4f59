import { newId } from '@matchday/contracts'
import {
  type Append,
  type Connections,
  type Database,
  openConnections,
  openStore,
  type Store,
  silentLog,
} from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { closedLoop, type LoopReport } from './closed-loop.ts'
import { createGroupCommit } from './group-commit.ts'
import { appendUndisputed, commandAppend, eventAppend, type Place, picked } from './store-appends.ts'

export type AppendVariant = keyof typeof variants
export type AppendQuestion =
  | { readonly open: Database }
  | { readonly variant: AppendVariant; readonly callers: number; readonly durationMs: number }

const bounds = { itemsMax: 256, inFlightMax: 2 } as const
const connectionsMax = 6

let store: Store
let connections: Connections
/** One stream for each caller of each kind: the bare table's are not the store's. */
const streams = {
  bare: new Map<number, Stream>(),
  sameRows: new Map<number, Stream>(),
  store: new Map<number, Stream>(),
}
type Stream = { readonly id: string; version: number }

async function answer(question: AppendQuestion): Promise<LoopReport | null> {
  if ('open' in question) {
    await open(question.open)
    return null
  }
  return closedLoop(question.callers, question.durationMs, variants[question.variant])
}

async function open(database: Database): Promise<void> {
  store = await openStore({ database, schema: 'appended', log: silentLog, connectionsMax })
  // The simplest table that an event fits in. The same connections as the store has, and the same settings.
  connections = openConnections(database, { schema: 'appended', connectionsMax, log: silentLog })
  await connections.query(
    {
      text: `create table bare (stream uuid, version integer, type text, data json, at timestamptz,
        primary key (stream, version))`,
    },
    [],
  )
  // The store's own, whatever they will be, with all defaults and indexes.
  await connections.query({ text: 'create table same_events (like events including all)' }, [])
  await connections.query(
    { text: 'create table same_streams (like streams including all) with (fillfactor = 50)' },
    [],
  )
}

const variants = {
  /** Many rows in one insert: what no store of events can do without. */
  bare: (caller: number) => insertInGroup(next('bare', caller)),
  /** The same rows as the store's, in one statement that asks nothing and tells nothing. */
  sameRows: (caller: number) => insertSameRows(next('sameRows', caller)),
  /** An event and the version of its stream. */
  store: (caller: number) => appendInGroup(eventAppend(next('store', caller))),
  /** As a command does it: the answer to its id, and two things that it takes. */
  command: (caller: number) => appendInGroup(commandAppend(next('store', caller))),
  /** The same as `store`, a commit for each. */
  single: async (caller: number) => {
    await store.append([eventAppend(next('store', caller))])
  },
} as const

function next(kind: keyof typeof streams, caller: number): Place {
  const stream = streams[kind].get(caller) ?? { id: newId(), version: 0 }
  streams[kind].set(caller, stream)
  return { stream: stream.id, version: ++stream.version }
}

const insertInGroup = insertWith(
  'bare',
  'insert into bare select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::json[], $5::timestamptz[])',
)

const insertSameRows = insertWith(
  'same_rows',
  `with given as (
    select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::json[], $5::timestamptz[])
      as given (stream, version, type, data, at)
  ), versions as (
    insert into same_streams (id, version, fence) select stream, max(version), 0 from given group by stream
    on conflict (id) do update set version = excluded.version
  )
  insert into same_events (stream, version, type, data, at, by_kind)
  select stream, version, type, data, at, 'player' from given`,
)

function insertWith(name: string, text: string): (place: Place) => Promise<null> {
  return createGroupCommit<Place, null>(async (places) => {
    const at = new Date().toISOString()
    await connections.query({ name, text }, [
      places.map(({ stream }) => stream),
      places.map(({ version }) => version),
      places.map(() => 'team-picked'),
      places.map(() => JSON.stringify(picked())),
      places.map(() => at),
    ])
    return places.map(() => null)
  }, bounds)
}

const appendInGroup = createGroupCommit<Append, null>((appends) => appendUndisputed(store, appends), bounds)

answerQuestions(answer, async () => {
  await connections?.close()
  await store?.close()
})
