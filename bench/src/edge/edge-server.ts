import { createServer } from 'node:http'
import { createLiveEdge } from '@matchday/gateway'
import { silentLog, systemClock } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { listenOn } from '../http/listen-on.ts'
import { epoch } from '../live/publications.ts'
import { connectedBus } from '../pull/connected-bus.ts'

const socketsMax = 20_000

/** A gateway's live edge on the real bus; in place of the service, somebody who says that nothing has happened yet. */
async function start({ natsUrl }: { natsUrl: string }): Promise<{ port: number }> {
  const bus = await connectedBus(natsUrl, 'gateway')
  const http = createServer()
  const edge = createLiveEdge({
    requester: { request: async () => ({ kind: 'ok', body: { players: [] }, version: 1, epoch }) },
    bus,
    verifyToken: async () => null,
    log: silentLog,
    clock: systemClock,
    // All clients of a benchmark share one address.
    config: {
      path: '/api/live',
      allowedOrigins: 'same-host',
      limits: { socketsPerAddressMax: socketsMax },
    },
  })
  edge.attach(http)
  return { port: await listenOn(http) }
}

answerQuestions(start)
