import { type Caller, identityLimits, type Realm } from '@matchday/contracts'
import type { DomainEvent, Transaction } from '@matchday/kernel'
import { sessionEnd } from '../domain/account.ts'
import type { DerivedKeys } from '../tokens/derived-keys.ts'
import { hashOf, makeRefreshToken } from '../tokens/refresh-token.ts'

/** A row of sessions. */
export type Session = {
  readonly id: string
  readonly accountId: string
  readonly rotation: number
  readonly tokenHash: Buffer
  readonly rotatedAt: Date
  readonly beganAt: Date
  readonly usedAt: Date
  readonly expiresAt: Date
  readonly device: string | null
}

export const sessionColumns = /* sql */ `
  id, account_id as "accountId", rotation, token_hash as "tokenHash", rotated_at as "rotatedAt",
  began_at as "beganAt", used_at as "usedAt", expires_at as "expiresAt", device`

const insertStatement = /* sql */ `
  insert into sessions (id, account_id, token_hash, rotated_at, began_at, used_at, expires_at, device)
  values ($1, $2, $3, $4, $4, $4, $5, $6)`
/** The longest unused make room for the new one. */
const surplusStatement = /* sql */ `
  delete from sessions where id in (
    select id from sessions where account_id = $1 and id <> $2 order by used_at desc, id offset $3
  ) returning id`
const revokeStatement = 'insert into revocations (account_id, session_id, at) values ($1, $2, $3)'

/** Begins a session. What it tells: the sessions that had to go for it. */
export async function insertSession(
  transaction: Transaction,
  realm: Realm,
  keys: DerivedKeys,
  session: { readonly id: string; readonly accountId: string; readonly device: string | undefined },
  now: Date,
): Promise<readonly DomainEvent[]> {
  const { id, accountId, device = null } = session
  const hash = hashOf(makeRefreshToken(keys, id, 0))
  await transaction.query(insertStatement, [id, accountId, hash, now, sessionEnd(realm, now, now), device])
  const kept = identityLimits.sessionsPerAccountMax - 1
  const surplus = await transaction.query<{ id: string }>(surplusStatement, [accountId, id, kept])
  const events: DomainEvent[] = []
  for (const gone of surplus) {
    await transaction.query(revokeStatement, [accountId, gone.id, now])
    events.push({ type: 'session-ended', data: { sessionId: gone.id } })
  }
  return events
}

/** Ends one session of an account. False: it has no such session. */
export async function endSession(
  transaction: Transaction,
  accountId: string,
  sessionId: string,
  now: Date,
): Promise<DomainEvent | null> {
  const gone = await transaction.query(
    'delete from sessions where id = $1 and account_id = $2 returning id',
    [sessionId, accountId],
  )
  if (gone.length === 0) return null
  await transaction.query(revokeStatement, [accountId, sessionId, now])
  return { type: 'session-ended', data: { sessionId } }
}

/** Whoever signs in anew leaves the session that he came with, whosever it was: one browser, one session. */
export async function leaveSession(
  transaction: Transaction,
  caller: Caller,
  now: Date,
): Promise<readonly DomainEvent[]> {
  // Of the other realm there is no session here, whatever its id.
  if (!('sessionId' in caller)) return []
  const ended = await endSession(transaction, caller.accountId, caller.sessionId, now)
  return ended === null ? [] : [ended]
}

/**
 * Ends every session of an account, and takes all tokens that were given for them out of use: those of generations
 * before the new one are refused from now on. Seconds don't matter: who signs in right after has the new generation.
 */
export async function endAllSessions(
  transaction: Transaction,
  accountId: string,
  now: Date,
): Promise<DomainEvent> {
  const [account] = await transaction.query<{ generation: number }>(
    'update accounts set generation = generation + 1 where id = $1 returning generation',
    [accountId],
  )
  const { generation } = account!
  await transaction.query('delete from sessions where account_id = $1', [accountId])
  await transaction.query('insert into revocations (account_id, generation, at) values ($1, $2, $3)', [
    accountId,
    generation,
    now,
  ])
  return { type: 'sessions-ended', data: { generation } }
}
