import { reject, rowCommand, type Transaction } from '@matchday/kernel'
import { lockedAccount } from '../accounts/accounts.ts'
import { sessionEnd } from '../domain/account.ts'
import { renewal } from '../domain/renewal.ts'
import type { IdentityParts } from '../parts.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { presentSession, sessionAnswer } from '../sessions/session-answer.ts'
import { endSession, type Session, sessionColumns } from '../sessions/sessions.ts'
import { areEqual } from '../tokens/derived-keys.ts'
import { hashOf, makeRefreshToken, readRefreshToken } from '../tokens/refresh-token.ts'

type Parts = Pick<IdentityParts, 'realm' | 'keys' | 'signingKeys' | 'newId'>

const findStatement = `select ${sessionColumns} from sessions where id = $1`
const lockStatement = `${findStatement} for update`
const rotateStatement = /* sql */ `
  update sessions set rotation = $2, token_hash = $3, rotated_at = $4, used_at = $4, expires_at = $5 where id = $1`

export const renewSession = (operation: RealmOperations['renewSession'], parts: Parts) =>
  rowCommand(operation, {
    isRemembered: false,
    prepare: async ({ refreshToken }, { rows }) => {
      const token = refreshToken === undefined ? null : readRefreshToken(parts.keys, refreshToken)
      if (token === null) return reject('session-ended')
      const [session] = await rows<Session>(findStatement, [token.sessionId])
      if (session === undefined) return reject('session-ended')
      return { kind: 'known', token, accountId: session.accountId } as const
    },
    stream: (_input, facts) => (facts.kind === 'known' ? facts.accountId : parts.newId()),
    run: async (transaction, { facts, now }) => {
      if (facts.kind === 'rejected') return facts
      const { token, accountId } = facts
      const at = new Date(now)
      const account = await lockedAccount(transaction, accountId)
      const [session] = await transaction.query<Session>(lockStatement, [token.sessionId])
      if (account === null || session === undefined) return reject('session-ended')
      const isLatest = areEqual(session.tokenHash, hashOf(token.text))
      const found = renewal(session, { ...token, isLatest }, at)
      if (found === 'refuse') return reject('session-ended')
      if (found === 'reuse') {
        const ended = await endSession(transaction, accountId, session.id, at)
        // Committed although it is a refusal: the thief gets nothing, and neither does whom he stole from.
        return { ...reject('session-ended'), events: ended === null ? [] : [ended] }
      }
      const renewed = found === 'rotate' ? await rotate(parts, transaction, session, at) : session
      const { id: sessionId, rotation, expiresAt } = renewed
      const { generation, platformRole } = account
      const told = { accountId, sessionId, rotation, expiresAt, generation, platformRole }
      return { kind: 'accepted', answer: await sessionAnswer(parts, transaction, at, told) }
    },
    present: (answer) => presentSession(parts, answer),
  })

async function rotate(
  { realm, keys }: Parts,
  transaction: Transaction,
  session: Session,
  at: Date,
): Promise<Session> {
  const rotation = session.rotation + 1
  const expiresAt = sessionEnd(realm, session.beganAt, at)
  const tokenHash = hashOf(makeRefreshToken(keys, session.id, rotation))
  await transaction.query(rotateStatement, [session.id, rotation, tokenHash, at, expiresAt])
  return { ...session, rotation, tokenHash, expiresAt }
}
