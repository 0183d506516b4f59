import { newId } from '@matchday/contracts'
import { startGateway } from '@matchday/gateway'
import { createRequester, createTokens, silentLog, systemClock, type TokenKey } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { connectedBus } from '../pull/connected-bus.ts'

export type GatewaySettings = { readonly natsUrl: string; readonly tokenKey: TokenKey }

/** The gateway of a role, composed as the server composes it, but that each request travels in an envelope of its own. */
async function start({ natsUrl, tokenKey }: GatewaySettings): Promise<{ port: number }> {
  const [clock, log] = [systemClock, silentLog]
  const bus = await connectedBus(natsUrl, 'gateway')
  const requester = createRequester({ bus, clock, log, newId })
  const passes = await createTokens(tokenKey)
  const gateway = await startGateway({
    requester: {
      request: (operation, call) => requester.request({ ...operation, travelsAlone: true }, call),
      isSaturated: (operation) => requester.isSaturated(operation),
    },
    bus,
    passes,
    health: () => ({ ready: true, parts: [] }),
    log,
    clock,
    // As startMatchday does it: players come from many venues.
    http: { version: 'bench', trustedProxyHops: 1 },
  })
  return gateway.listen('127.0.0.1', 0)
}

answerQuestions(start)
