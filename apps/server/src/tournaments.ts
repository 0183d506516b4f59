import {
  type Bus,
  type Clock,
  createExecutor,
  type Database,
  type Lifecycle,
  type Log,
  openStore,
  type RunningService,
  runService,
  type Tokens,
} from '@matchday/kernel'
import { defineTournaments } from '@matchday/tournaments'

type Parts = {
  bus: Bus
  database: Database
  tokens: Tokens
  joinUrl: (code: string) => string
  lifecycle: Lifecycle
  log: Log
  clock: Clock
}

const stopMs = { service: 7_000, store: 2_000 } as const
const serviceName = 'tournaments'

/** Runs the tournaments service on its database. */
export async function startTournaments(parts: Parts): Promise<RunningService> {
  const { bus, database, tokens, joinUrl, lifecycle, clock } = parts
  const log = parts.log.child({ service: serviceName })
  const store = await openStore({ database, schema: serviceName, log, clock })
  lifecycle.add(`${serviceName} store`, () => store.close(), stopMs.store)

  const definition = defineTournaments({
    joinUrl,
    signPass: (caller) => {
      if (caller.kind === 'anyone') throw new Error('only somebody has a pass')
      return tokens.sign(caller)
    },
  })
  const service = runService({
    definition,
    bus,
    store,
    makeExecutor: (onCommitted) => createExecutor({ store, log, clock, service: serviceName, onCommitted }),
    log,
    clock,
  })
  lifecycle.add(serviceName, () => service.stop(), stopMs.service)
  return service
}
