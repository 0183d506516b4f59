import { createHash, randomBytes } from 'node:crypto'
import { identityServiceOf, newId, type Realm, realms } from '@matchday/contracts'
import {
  type AccessTokenHolder,
  type AskedOperation,
  type EventMessage,
  generateTokenKey,
  type JsonObject,
  type MemoryBus,
  publicTokenKey,
  type Reply,
  type RequestCall,
  signAccessToken,
  type TokenKey,
} from '@matchday/kernel'
import type { Asker } from '../../http/ports.ts'

export type SigningKey = TokenKey & { readonly kid: string }

export async function makeKey(): Promise<SigningKey> {
  const key = await generateTokenKey()
  return { ...key, kid: key.kid ?? '' }
}

type State = {
  /** What is told as keys; signs with `signing`. */
  published: SigningKey[]
  signing: SigningKey
  readonly accounts: Map<string, number>
  readonly sessions: Set<string>
}

/** For tests of the edge: what it asks the identity services, and the events that they publish. */
export class FakeIdentity implements Asker {
  readonly asked: { operation: string; call: RequestCall }[] = []
  readonly of: Record<Realm, State>
  /** By hash. */
  readonly apiKeys = new Map<string, JsonObject>()
  /** Nobody answers. */
  isAway = false
  /** Pages of what ended have so many accounts and sessions each. */
  pageSize = 100
  /** What the answers wait for. */
  gate: Promise<void> = Promise.resolve()
  readonly #bus: MemoryBus

  constructor(bus: MemoryBus, keys: Record<Realm, SigningKey>) {
    this.#bus = bus
    const state = (key: SigningKey): State => ({
      published: [key],
      signing: key,
      accounts: new Map(),
      sessions: new Set(),
    })
    this.of = { staff: state(keys.staff), players: state(keys.players) }
  }

  static async create(bus: MemoryBus): Promise<FakeIdentity> {
    return new FakeIdentity(bus, { staff: await makeKey(), players: await makeKey() })
  }

  holder(realm: Realm, more: Partial<AccessTokenHolder> = {}): AccessTokenHolder {
    return { realm, accountId: newId(), sessionId: newId(), generation: 1, ...more }
  }

  sign(holder: AccessTokenHolder, issuedAtMs = Date.now()): Promise<string> {
    return signAccessToken(this.of[holder.realm].signing, holder, issuedAtMs)
  }

  /** All sessions of an account end. */
  endAccount({ realm, accountId }: AccessTokenHolder, generation: number, isTold = true): Promise<void> {
    this.of[realm].accounts.set(accountId, generation)
    return this.#tell(realm, accountId, 'sessions-ended', { generation }, isTold)
  }

  endSession({ realm, accountId, sessionId }: AccessTokenHolder, isTold = true): Promise<void> {
    this.of[realm].sessions.add(sessionId)
    return this.#tell(realm, accountId, 'session-ended', { sessionId }, isTold)
  }

  deleteAccount({ realm, accountId }: AccessTokenHolder): Promise<void> {
    return this.#tell(realm, accountId, 'account-deleted', {}, true)
  }

  makeApiKey(organizationId: string, scopes: readonly string[], expiresAt: string | null = null) {
    const key = `mdk_${randomBytes(48).toString('base64url')}`
    const hash = createHash('sha256').update(key).digest('hex')
    const keyId = newId<'api-key'>()
    this.apiKeys.set(hash, { keyId, organizationId, scopes, expiresAt })
    return { key, keyId, hash }
  }

  revokeApiKey({ keyId, hash }: { keyId: string; hash: string }, isTold = true): Promise<void> {
    this.apiKeys.delete(hash)
    return this.#tell('staff', keyId, 'key-revoked', { organizationId: newId() }, isTold)
  }

  countOf(operation: string): number {
    return this.asked.filter((each) => each.operation === operation).length
  }

  async request(operation: AskedOperation, call: RequestCall): Promise<Reply> {
    this.asked.push({ operation: operation.name, call })
    const reply = this.#reply(operation, call.input)
    await this.gate
    return this.isAway ? { kind: 'fault', code: 'unavailable', retryable: true } : reply
  }

  #reply({ name, service }: AskedOperation, input: JsonObject): Reply {
    const realm = realms.find((each) => identityServiceOf[each] === service) ?? 'staff'
    const state = this.of[realm]
    switch (name) {
      case 'getStaffKeys':
      case 'getPlayerKeys': {
        const keys = state.published.map((key) => ({ ...publicJson(key), alg: 'EdDSA', use: 'sig' }))
        return { kind: 'ok', body: { keys } }
      }
      case 'listRevocations':
        return { kind: 'ok', body: this.#revocations(state, Number(input.after ?? 0)) }
      case 'findApiKey': {
        const found = this.apiKeys.get(String(input.hash))
        return found ? { kind: 'ok', body: found } : { kind: 'rejected', code: 'not-found' }
      }
      default:
        throw new Error(`nobody should ask for ${name}`)
    }
  }

  #revocations({ accounts, sessions }: State, from: number): JsonObject {
    const to = from + this.pageSize
    const isLast = to >= Math.max(accounts.size, sessions.size)
    return {
      accounts: [...accounts].slice(from, to).map(([accountId, generation]) => ({ accountId, generation })),
      sessions: [...sessions].slice(from, to),
      next: isLast ? null : String(to),
    }
  }

  async #tell(realm: Realm, stream: string, type: string, data: JsonObject, isTold: boolean): Promise<void> {
    if (!isTold) return
    const event: EventMessage = {
      ...{ service: identityServiceOf[realm], stream, version: 1, type, data },
      at: new Date().toISOString(),
      epoch: 'e1',
    }
    await this.#bus.publishEvents([event])
  }
}

function publicJson(key: SigningKey): JsonObject {
  const { kty = '', crv = '', x = '', kid = '' } = publicTokenKey(key)
  return { kty, crv, x, kid }
}
