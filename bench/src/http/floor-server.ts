import { createServer } from 'node:http'
import { newId } from '@matchday/contracts'
import { type Append, openStore, type Store, silentLog, startEmbeddedPostgres } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { createGroupCommit } from '../append/group-commit.ts'
import { listenOn } from './listen-on.ts'
import { playersPerTournament } from './requests.ts'

export type FloorQuestion = { readonly dataFolder: string } | { readonly answerBytes: number }

/** As many streams as there are tournaments at a time, and as many commits at a time as Matchday has. */
const streams = Array.from({ length: 4 * playersPerTournament }, () => newId())
const versions = new Map<string, number>()
const bounds = { itemsMax: 256, inFlightMax: 1 } as const

let body = ''
let next = 0
const stops: (() => Promise<unknown>)[] = []

async function answer(question: FloorQuestion): Promise<{ port: number }> {
  if ('dataFolder' in question) port = await start(question.dataFolder)
  else
    body = JSON.stringify({ filler: 'x'.repeat(Math.max(0, question.answerBytes - '{"filler":""}'.length)) })
  return { port }
}
let port = 0

/**
 * What Matchday's promise costs if nothing else is done: whatever comes is read, the rows of a pick are committed in
 * groups, and then there is an answer. Nobody is asked who he is, nothing is checked, decided or told to anybody.
 */
async function start(dataFolder: string): Promise<number> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: dataFolder })
  stops.push(() => postgres.stop())
  const database = await postgres.database('floor')
  const store = await openStore({ database, schema: 'floor', log: silentLog })
  stops.push(() => store.close())
  const commit = createGroupCommit<Append, null>((appends) => appended(store, appends), bounds)
  return listenOn(
    createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const input = JSON.parse(Buffer.concat(chunks).toString())
        commit(pickAppend(input)).then(
          () => {
            response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
            response.end(body)
          },
          () => response.writeHead(503, { 'content-length': 0 }).end(),
        )
      })
    }),
  )
}

async function appended(store: Store, appends: readonly Append[]): Promise<null[]> {
  const outcomes = await store.append(appends)
  const lost = outcomes.find(({ kind }) => kind !== 'committed')
  if (lost !== undefined) throw new Error(`an append that nobody disputes was lost: ${lost.kind}`)
  for (const { stream } of appends) versions.set(stream, (versions.get(stream) ?? 0) + 1)
  return appends.map(() => null)
}

function pickAppend({
  team,
  contribution,
}: {
  readonly team: string
  readonly contribution: string
}): Append {
  const stream = streams[next++ % streams.length]!
  const playerId = newId()
  return {
    stream,
    expected: { fence: versions.get(stream) ?? 0 },
    events: [
      {
        type: 'team-picked',
        data: { playerId, team, contribution },
        at: new Date().toISOString(),
        by: 'player',
        actor: playerId,
        takes: [`pick:${playerId}`, `team:${next}`],
      },
    ],
    fenceOffset: 0,
    claims: [],
    releases: [],
    secrets: [],
    forgottenSecrets: [],
    redactions: [],
    answers: [
      {
        id: `player:${playerId}/${newId()}`,
        fingerprint: '0123456789abcdef'.repeat(2),
        answer: { ok: { playerId, team } },
        versionOffset: 1,
      },
    ],
  }
}

answerQuestions(answer, async () => {
  for (const stop of stops.reverse()) await stop()
})
