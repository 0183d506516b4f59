import type {
  Id,
  OutputOf,
  PlatformRole,
  PlayerAccountId,
  playerIdentityOperations,
  Realm,
  SessionId,
  StaffId,
  staffIdentityOperations,
} from '@matchday/contracts'
import {
  accessTokenEndMs,
  type DomainEvent,
  type JsonObject,
  type RowAcceptance,
  type RowCommand,
  signAccessToken,
  type Transaction,
} from '@matchday/kernel'
import { type Account, sessionEnd } from '../domain/account.ts'
import type { DerivedKeys } from '../tokens/derived-keys.ts'
import { makeRefreshToken } from '../tokens/refresh-token.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { insertSession } from './sessions.ts'

/** What sessions are begun and tokens signed with. */
export type SessionParts = {
  readonly realm: Realm
  readonly keys: DerivedKeys
  readonly signingKeys: SigningKeys
  readonly newId: <Kind extends string>() => Id<Kind>
}

/** Of which session the answer speaks. The tokens themselves are made when it is shown, and kept nowhere. */
type SessionAnswer = {
  readonly accountId: StaffId & PlayerAccountId
  readonly sessionId: SessionId
  readonly rotation: number
  readonly generation: number
  readonly platformRole: PlatformRole | null
  readonly issuedAtMs: number
  readonly refreshExpiresAt: string
  readonly kid: string
}
type SessionOutput = OutputOf<typeof staffIdentityOperations.signInStaff> &
  OutputOf<typeof playerIdentityOperations.signInPlayer>

/** Begins a session for an account as the transaction knows it. */
export async function beginSession(
  parts: SessionParts,
  transaction: Transaction,
  account: Pick<Account, 'id' | 'platformRole'>,
  { now, device }: Pick<RowCommand<unknown, unknown>, 'now' | 'device'>,
  events: readonly DomainEvent[] = [],
): Promise<RowAcceptance> {
  const { realm, keys, newId } = parts
  const at = new Date(now)
  const session = { id: newId<'session'>(), accountId: account.id, device }
  const ended = await insertSession(transaction, realm, keys, session, at)
  // As it is now: what happened in this transaction counts.
  const [{ generation } = { generation: 0 }] = await transaction.query<{ generation: number }>(
    'select generation from accounts where id = $1',
    [account.id],
  )
  const expiresAt = sessionEnd(realm, at, at)
  const answer = await sessionAnswer(parts, transaction, at, {
    ...session,
    ...account,
    accountId: account.id,
    sessionId: session.id,
    rotation: 0,
    generation,
    expiresAt,
  })
  return { kind: 'accepted', answer, events: [...events, ...ended] }
}

export async function sessionAnswer(
  { signingKeys }: Pick<SessionParts, 'signingKeys'>,
  transaction: Transaction,
  now: Date,
  session: {
    readonly accountId: string
    readonly sessionId: string
    readonly rotation: number
    readonly generation: number
    readonly platformRole: PlatformRole | null
    readonly expiresAt: Date
  },
): Promise<JsonObject> {
  const { accountId, sessionId, rotation, generation, platformRole, expiresAt } = session
  return {
    accountId,
    sessionId,
    rotation,
    generation,
    platformRole,
    issuedAtMs: now.getTime(),
    refreshExpiresAt: expiresAt.toISOString(),
    kid: await signingKeys.current(transaction, now),
  }
}

/** The answer with its tokens. Where they travel to a browser in cookies, the edge takes them out of the body. */
export async function presentSession(
  { realm, keys, signingKeys }: Pick<SessionParts, 'realm' | 'keys' | 'signingKeys'>,
  answer: JsonObject,
): Promise<SessionOutput> {
  // What `sessionAnswer` has made, and nothing else is answered where a session begins or is renewed.
  const { accountId, sessionId, rotation, generation, platformRole, issuedAtMs, refreshExpiresAt, kid } =
    answer as SessionAnswer
  const role = platformRole === null ? {} : { platformRole }
  return {
    accountId,
    sessionId,
    accessExpiresAt: new Date(accessTokenEndMs(issuedAtMs)).toISOString(),
    refreshExpiresAt,
    accessToken: await signAccessToken(
      signingKeys.named(kid),
      { realm, accountId, sessionId, generation, ...role },
      issuedAtMs,
    ),
    refreshToken: makeRefreshToken(keys, sessionId, rotation),
  }
}
