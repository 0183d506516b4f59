import { join } from 'node:path'
import { newId } from '@matchday/contracts'
import { startGateway } from '@matchday/gateway'
import {
  createExecutor,
  createMemoryBus,
  createRequester,
  createTokens,
  openStore,
  openTokenKey,
  runService,
  secretFor,
  silentLog,
  startEmbeddedPostgres,
  systemClock,
} from '@matchday/kernel'
import { createNameKeys, defineTournaments } from '@matchday/tournaments'
import { answerQuestions } from '../answer-questions.ts'

/**
 * Matchday with a commit for each command: the same parts, composed as the server composes them, but for the limits
 * of the executor. As many commits are in flight as there are connections.
 */
const oneByOne = {
  streamsPerCommitMax: 1,
  commandsPerStreamMax: 1,
  commitsInFlightMax: 6,
  overlapCommandsMin: 1,
} as const

const stops: (() => Promise<unknown>)[] = []

async function start({ dataFolder }: { dataFolder: string }): Promise<{ port: number }> {
  const [clock, log] = [systemClock, silentLog]
  const postgres = await startEmbeddedPostgres({ dataDirectory: dataFolder })
  stops.push(() => postgres.stop())
  const tokenKey = await openTokenKey(join(dataFolder, 'token-key.json'))
  const tokens = await createTokens(tokenKey)
  const fingerprintKey = secretFor('fingerprints', tokenKey)
  const database = await postgres.database('tournaments')
  const store = await openStore({ database, schema: 'tournaments', log, clock })
  stops.push(() => store.close())
  const bus = createMemoryBus({ clock, log })
  const definition = defineTournaments({
    joinUrl: (code) => `http://127.0.0.1/j/${code}`,
    signPass: tokens.sign,
    verifyPass: tokens.verify,
    nameKeyOf: createNameKeys(secretFor('names of players', tokenKey)),
  })
  const service = runService({
    // Nobody else is here whom it could follow.
    definition: { ...definition, reactions: [] },
    bus,
    store,
    makeExecutor: (onCommitted) =>
      createExecutor({
        ...{ store, log, clock, fingerprintKey, onCommitted },
        service: 'tournaments',
        limits: oneByOne,
      }),
    log,
    clock,
  })
  stops.push(() => service.stop())
  const gateway = await startGateway({
    requester: createRequester({ bus, clock, log, newId }),
    bus,
    passes: tokens,
    health: () => ({ ready: true, parts: [] }),
    log,
    clock,
    http: { version: 'bench', trustedProxyHops: 1 },
  })
  stops.push(() => gateway.close())
  return gateway.listen('127.0.0.1', 0)
}

answerQuestions(start, async () => {
  for (const stop of stops.reverse()) await stop()
})
