import { createServer } from 'node:http'
import { newId } from '@matchday/contracts'
import { type Append, openStore, silentLog, startEmbeddedPostgres } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { createGroupCommit } from '../append/group-commit.ts'
import { appendUndisputed, commandAppend, type Place, picked } from '../append/store-appends.ts'
import { listenOn } from './listen-on.ts'
import { playersPerTournament } from './requests.ts'

export type FloorQuestion = { readonly dataFolder: string } | { readonly answerBytes: number }

/** As many streams as there are tournaments at a time, and as many commits at a time as Matchday has. */
const streams = Array.from({ length: 4 * playersPerTournament }, () => ({ stream: newId(), version: 0 }))
const bounds = { itemsMax: 256, inFlightMax: 1 } as const

let body = ''
let port = 0
let next = 0
const stops: (() => Promise<unknown>)[] = []

async function answer(question: FloorQuestion): Promise<{ port: number }> {
  if ('dataFolder' in question) port = await start(question.dataFolder)
  else
    body = JSON.stringify({ filler: 'x'.repeat(Math.max(0, question.answerBytes - '{"filler":""}'.length)) })
  return { port }
}

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
  const commit = createGroupCommit<Append, null>((appends) => appendUndisputed(store, appends), bounds)
  return listenOn(
    createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const input: { team: string; contribution: string } = JSON.parse(Buffer.concat(chunks).toString())
        commit(commandAppend(nextPlace(), { ...picked(), ...input })).then(
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

/** The next stream has its turn. */
function nextPlace(): Place {
  const stream = streams[next++ % streams.length]!
  stream.version += 1
  return { ...stream }
}

answerQuestions(answer, async () => {
  for (const stop of stops.reverse()) await stop()
})
