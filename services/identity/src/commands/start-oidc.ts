import { identityLimits } from '@matchday/contracts'
import { reject, rowCommand } from '@matchday/kernel'
import type { IdentityParts } from '../parts.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { tooMany } from '../refusals.ts'
import { makeOneTimeToken } from '../tokens/one-time-token.ts'

type Parts = Pick<IdentityParts, 'keys' | 'newId' | 'budgets' | 'oidc'>

const insertStatement = 'insert into oidc_attempts (id, expires_at) values ($1, $2)'

export const startOidc = (operation: RealmOperations['startOidc'], { keys, newId, budgets, oidc }: Parts) =>
  rowCommand(operation, {
    // The handle leads into a session.
    isRemembered: false,
    prepare: async (_input, { rows, address }) => {
      if (oidc === null) return reject('not-found')
      const tooOften = await budgets.takeRequest(rows, address)
      if (tooOften !== null) return tooMany(tooOften)
      const attemptId = newId()
      return { kind: 'ready', attemptId, url: await oidc.start(attemptId) } as const
    },
    stream: (_input, facts) => (facts.kind === 'ready' ? facts.attemptId : newId()),
    run: async (transaction, { facts, now }) => {
      if (facts.kind === 'rejected') return facts
      const { attemptId, url } = facts
      const expiresAt = new Date(Date.parse(now) + identityLimits.oidcMinutes * 60_000)
      await transaction.query(insertStatement, [attemptId, expiresAt])
      return { kind: 'accepted', answer: { attemptId, url } }
    },
    present: ({ attemptId, url }) => ({
      url: String(url),
      handle: makeOneTimeToken(keys, 'oidc', String(attemptId)),
    }),
  })
