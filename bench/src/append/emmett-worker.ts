import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { answerQuestions } from '../answer-questions.ts'
import { closedLoop, type LoopReport } from './closed-loop.ts'

type Target = { host: string; port: number; user: string; password: string; database: string }
export type EmmettQuestion =
  | { readonly open: Target; readonly folder: string }
  | { readonly callers: number; readonly durationMs: number }

/** What is used of Emmett; its packages are no part of Matchday, so neither are its types. */
type EventStore = {
  appendToStream(
    stream: string,
    events: readonly { type: string; data: object }[],
    options: { expectedStreamVersion: bigint | 'STREAM_DOES_NOT_EXIST' },
  ): Promise<{ nextExpectedStreamVersion: bigint }>
  schema: { migrate(): Promise<unknown> }
}

/** Its default is 10; it was measured to be best with 16. */
const connectionsMax = 16

const streams = new Map<number, { name: string; version: bigint | 'STREAM_DOES_NOT_EXIST' }>()
let store: EventStore

async function answer(question: EmmettQuestion): Promise<LoopReport | null> {
  if ('open' in question) {
    store = await open(question.open, question.folder)
    return null
  }
  return closedLoop(question.callers, question.durationMs, append)
}

async function open(target: Target, folder: string): Promise<EventStore> {
  const peer = createRequire(`${folder}/package.json`)
  const load = (name: string) => import(pathToFileURL(peer.resolve(name)).href)
  const { getPostgreSQLEventStore } = await load('@event-driven-io/emmett-postgresql')
  const { default: pg } = await load('pg')
  const url = `postgresql://${target.user}:${target.password}@${encodeURIComponent(target.host)}:${target.port}/${target.database}`
  const opened = getPostgreSQLEventStore(url, {
    connectionOptions: { pooled: true, pool: new pg.Pool({ ...target, max: connectionsMax }) },
  })
  await opened.schema.migrate()
  return opened
}

async function append(caller: number): Promise<void> {
  const stream = streams.get(caller) ?? {
    name: `tournament-${randomUUID()}`,
    version: 'STREAM_DOES_NOT_EXIST',
  }
  streams.set(caller, stream)
  const data = { playerId: randomUUID(), team: 'Switzerland', contribution: 'c0ffee00'.repeat(8) }
  const { nextExpectedStreamVersion } = await store.appendToStream(
    stream.name,
    [{ type: 'team-picked', data }],
    {
      expectedStreamVersion: stream.version,
    },
  )
  stream.version = nextExpectedStreamVersion
}

answerQuestions(answer)
