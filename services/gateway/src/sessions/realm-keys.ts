import type { Realm } from '@matchday/contracts'
import type { AccessTokenVerifier, Clock, Json, Log } from '@matchday/kernel'
import { type AskAsEdge, anyone } from './asking.ts'
import { realmSources } from './realm-sources.ts'
import { type Repeating, repeat } from './repeating.ts'
import type { SessionLimits } from './session-limits.ts'

export type RealmKeys = Pick<Repeating, 'hasWorked' | 'close'> & {
  /**
   * There is a token of a key that nobody knows. `asked`: the keys are those of now; `too-soon`: they were asked for a
   * moment ago; `failed`: they could not be asked for.
   */
  askAgain(): Promise<'asked' | 'too-soon' | 'failed'>
}

/** Keeps the public keys of a realm as its service has them. */
export function keepRealmKeys(parts: {
  realm: Realm
  verifier: Pick<AccessTokenVerifier, 'setKeys'>
  limits: SessionLimits
  ask: AskAsEdge
  clock: Clock
  log: Log
}): RealmKeys {
  const { realm, verifier, limits, ask, clock, log } = parts
  let askedAtMs = Number.NEGATIVE_INFINITY

  async function load(): Promise<string | null> {
    askedAtMs = clock.monotonicMs()
    const reply = await ask(realmSources[realm].keys, {}, anyone)
    if (reply.kind !== 'ok') return reply.code
    if (!Array.isArray(reply.body?.keys)) return 'no keys'
    await verifier.setKeys(reply.body.keys.flatMap(publicKeyIn))
    return null
  }

  const loading = repeat(load, {
    everyMs: limits.keysPollMs,
    retryMs: limits.retryMs,
    tell: (problem, level) => log[level]({ realm, problem }, 'the keys of a realm could not be asked for'),
  })
  return {
    get hasWorked() {
      return loading.hasWorked
    },
    async askAgain() {
      const isTooSoon = clock.monotonicMs() - askedAtMs < limits.unknownKeyMs
      if (isTooSoon && !loading.isRunning) return 'too-soon'
      return (await loading.now()) ? 'asked' : 'failed'
    },
    close: () => loading.close(),
  }
}

/** What else a key says of itself is left out. */
function publicKeyIn(json: Json): { kty: string; crv: string; x: string; kid: string }[] {
  if (typeof json !== 'object' || json === null || !('kid' in json)) return []
  const { kty, crv, x, kid } = json
  const isKey =
    typeof kty === 'string' && typeof crv === 'string' && typeof x === 'string' && typeof kid === 'string'
  return isKey ? [{ kty, crv, x, kid }] : []
}
