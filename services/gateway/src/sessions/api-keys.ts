import { createHash } from 'node:crypto'
import { type ApiKeyId, isId, type OrganizationId, type Scope, scopes } from '@matchday/contracts'
import { type Bus, type Clock, Fault, type JsonObject, type Log } from '@matchday/kernel'
import type { MissLimiter } from '../limits/miss-limiter.ts'
import { TooManyRequests } from '../limits/too-many-requests.ts'
import { type AskAsEdge, edgeItself } from './asking.ts'
import type { Credential, Ended } from './credential.ts'
import { apiKeySource } from './realm-sources.ts'
import type { SessionLimits } from './session-limits.ts'

export type KeyCredential = Extract<Credential, { kind: 'key' }>

export type ApiKeys = {
  /** Whose a key is; null when there is none, or it has ended. Throws as `VerifyToken` does. */
  find(key: string, address: string): Promise<KeyCredential | null>
  isStillGood(credential: KeyCredential): Promise<boolean>
  close(): void
}

const keyForm = /^mdk_[A-Za-z0-9_-]{20,200}$/

export function isApiKey(token: string): boolean {
  return token.startsWith('mdk_')
}

/** Keys of organisations, asked for by their hash, and kept for a moment. */
export function createApiKeys(parts: {
  limits: SessionLimits
  ask: AskAsEdge
  bus: Pick<Bus, 'subscribeEvents'>
  misses: MissLimiter
  clock: Clock
  log: Log
  onEnded: (ended: Ended) => void
}): ApiKeys {
  const { misses, limits, clock } = parts
  /** By hash; in the order in which they came. */
  const kept = new Map<string, { credential: KeyCredential; untilMs: number }>()
  /** By id, until when: an answer from before may still be on its way. */
  const ended = new Map<string, number>()
  const asking = new Map<string, Promise<KeyCredential | null>>()

  function end(id: string): void {
    const nowMs = clock.now()
    for (const [known, untilMs] of ended) if (untilMs <= nowMs) ended.delete(known)
    if (ended.size >= limits.endedKeysMax) forgetFirst(ended)
    ended.set(id, nowMs + limits.endedKeysKeptMs)
    for (const [hash, { credential }] of kept) if (credential.caller.keyId === id) kept.delete(hash)
    parts.onEnded({ what: 'key', id })
  }
  const events = parts.bus.subscribeEvents({ service: apiKeySource.service }, (batch) => {
    for (const { type, stream } of batch) if (type === 'key-revoked') end(stream)
  })

  /** Null: there is no such key. */
  async function ask(hash: string): Promise<KeyCredential | null> {
    const reply = await parts.ask(apiKeySource.find, { hash }, edgeItself)
    if (reply.kind === 'rejected' && reply.code === 'not-found') return null
    const credential = reply.kind === 'ok' ? credentialOf(hash, reply.body) : null
    if (credential === null) {
      throw new Fault('unavailable', 'The keys of organisations can’t be asked for now.', { retryable: true })
    }
    if (kept.size >= limits.keysKeptMax) forgetFirst(kept)
    kept.set(hash, { credential, untilMs: clock.now() + limits.keyKeptMs })
    return credential
  }

  function keptOf(hash: string): KeyCredential | undefined {
    const found = kept.get(hash)
    if (found === undefined || found.untilMs > clock.now()) return found?.credential
    kept.delete(hash)
    return undefined
  }

  /** Many requests with one key are one question. */
  function askOnce(hash: string): Promise<KeyCredential | null> {
    const running = asking.get(hash) ?? ask(hash).finally(() => asking.delete(hash))
    asking.set(hash, running)
    return running
  }

  function ifGood(credential: KeyCredential | null): KeyCredential | null {
    if (credential === null || ended.has(credential.caller.keyId)) return null
    const { endsAtMs } = credential
    return endsAtMs !== null && endsAtMs <= clock.now() ? null : credential
  }

  return {
    async find(key, address) {
      if (!keyForm.test(key)) return null
      const hash = createHash('sha256').update(key).digest('hex')
      const known = keptOf(hash)
      if (known !== undefined) return ifGood(known)
      const waitS = misses.enter(address)
      if (waitS > 0) throw new TooManyRequests(waitS)
      let isMiss = false
      try {
        const found = await askOnce(hash)
        isMiss = found === null
        return ifGood(found)
      } finally {
        misses.leave(address, isMiss)
      }
    },
    async isStillGood({ hash }) {
      return ifGood(keptOf(hash) ?? (await askOnce(hash))) !== null
    },
    close: () => events.close(),
  }
}

function credentialOf(hash: string, body: JsonObject | null): KeyCredential | null {
  const { keyId, organizationId, scopes: named, expiresAt } = body ?? {}
  if (!isId(keyId) || !isId(organizationId) || !Array.isArray(named)) return null
  const endsAtMs = typeof expiresAt === 'string' ? Date.parse(expiresAt) : null
  if (Number.isNaN(endsAtMs)) return null
  return {
    kind: 'key',
    hash,
    endsAtMs,
    caller: {
      kind: 'key',
      // Checked by isId; of which kind they are says the contract.
      keyId: keyId as ApiKeyId,
      organizationId: organizationId as OrganizationId,
      scopes: scopes.filter((scope): scope is Scope => named.includes(scope)),
    },
  }
}

function forgetFirst(map: Map<string, unknown>): void {
  const [first] = map.keys()
  if (first !== undefined) map.delete(first)
}
