import { newId } from '@matchday/contracts'
import { createPuller, type Database, openConnections, runnerLimits, silentLog } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { createGroupCommit } from '../append/group-commit.ts'
import { connectedBus } from '../pull/connected-bus.ts'
import { queue } from '../pull/variants.ts'

export type FloorSettings = {
  readonly natsUrl: string
  readonly answerBytes: number
  readonly database: Database
}
type Row = { readonly player: string; readonly team: string }

/** As many at a time as Matchday has. */
const bounds = { itemsMax: 256, inFlightMax: 1 } as const

/** Pulls from Matchday's queue and inserts one row for each request, many in a commit. Nothing is checked or decided. */
async function answer({ natsUrl, answerBytes, database }: FloorSettings): Promise<null> {
  const connections = openConnections(database, { schema: 'public', connectionsMax: 2, log: silentLog })
  const table =
    'create table picks (id bigint generated always as identity primary key, player uuid, team text)'
  await connections.query({ text: table }, [])
  const text = 'insert into picks (player, team) select * from unnest($1::uuid[], $2::text[])'
  const insert = createGroupCommit<Row, null>(async (rows) => {
    const columns = [rows.map(({ player }) => player), rows.map(({ team }) => team)]
    await connections.query({ name: 'pick', text }, columns)
    return rows.map(() => null)
  }, bounds)
  const body = { filler: 'x'.repeat(Math.max(0, answerBytes - '{"filler":""}'.length)) }
  createPuller({
    bus: await connectedBus(natsUrl, 'bench', [queue.service]),
    queue,
    capacityItems: runnerLimits.capacityItems,
    handle: async ({ input }) => {
      await insert({ player: newId(), team: String(input.team) })
      return { kind: 'ok', body }
    },
  })
  return null
}

answerQuestions(answer)
