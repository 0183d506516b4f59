import { reject, rowCommand } from '@matchday/kernel'
import { oidcAccount } from '../accounts/oidc-account.ts'
import type { IdentityParts } from '../parts.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { tooMany } from '../refusals.ts'
import { beginSession, presentSession } from '../sessions/session-answer.ts'
import { leaveSession } from '../sessions/sessions.ts'
import { readOneTimeToken } from '../tokens/one-time-token.ts'

type Parts = Pick<
  IdentityParts,
  'realm' | 'registration' | 'keys' | 'signingKeys' | 'newId' | 'budgets' | 'clock' | 'oidc'
>

const takeStatement = 'delete from oidc_attempts where id = $1 and expires_at > $2 returning id'
const linkedStatement = 'select account_id as id from oidc_identities where issuer = $1 and subject = $2'

export const finishOidc = (operation: RealmOperations['finishOidc'], parts: Parts) =>
  rowCommand(operation, {
    isRemembered: false,
    prepare: async ({ handle, code, state, iss }, { rows, address }) => {
      const { oidc, budgets, keys, clock, newId } = parts
      if (oidc === null) return reject('not-found')
      const tooOften = await budgets.takeRequest(rows, address)
      if (tooOften !== null) return tooMany(tooOften)
      const attemptId = readOneTimeToken(keys, 'oidc', handle)
      if (attemptId === null) return reject('link-expired')
      // Taken before anything is asked: one attempt, one answer, whatever it is.
      const taken = await rows(takeStatement, [attemptId, new Date(clock.now())])
      if (taken.length === 0) return reject('link-expired')
      const person = await oidc.finish(attemptId, { code, state, iss })
      if (person === null) return reject('sign-in-failed')
      const [linked] = await rows<{ id: string }>(linkedStatement, [person.issuer, person.subject])
      return { kind: 'known', person, accountId: linked?.id ?? newId() } as const
    },
    stream: (_input, facts) => (facts.kind === 'known' ? facts.accountId : parts.newId()),
    run: async (transaction, { facts, caller, now, device }) => {
      if (facts.kind === 'rejected') return facts
      const { person, accountId } = facts
      const found = await oidcAccount(transaction, parts.registration, person, accountId, now)
      if (found.kind === 'rejected') return found
      const left = await leaveSession(transaction, caller, new Date(now))
      return beginSession(parts, transaction, found.account, { now, device }, [...found.events, ...left])
    },
    present: (answer) => presentSession(parts, answer),
    // Two tabs came back at once: one has made the account, the other may try again.
    conflicts: { accounts_email_is_unique: 'sign-in-failed', oidc_identities_pkey: 'sign-in-failed' },
  })
