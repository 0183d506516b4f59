import { type Caller, newId, type PlatformRole } from '@matchday/contracts'
import {
  type HandlerEntry,
  type ReadEntry,
  type Rejection,
  type RowCommandEntry,
  reject,
} from '@matchday/kernel'
import type { Reading } from './accounts/accounts.ts'
import { isAllowed } from './domain/allowed.ts'
import type { IdentityParts } from './parts.ts'

type GuardParts = Pick<IdentityParts, 'realm' | 'clock'>
type Refused = { readonly refusal: Rejection }
type Let = { readonly facts: unknown }

/**
 * Puts the contract's policy before a handler. The edge has looked at the token already; the service that owns the
 * accounts looks again, and sees what no token says: whether the session has ended meanwhile, and the platform role.
 */
export function guarded(entry: HandlerEntry, parts: GuardParts): HandlerEntry {
  switch (entry.kind) {
    case 'read':
      return guardedRead(entry, parts)
    case 'row-command':
      return guardedCommand(entry, parts)
    case 'command':
      throw new Error('accounts are rows: no streams are decided here')
    default:
      return entry satisfies never
  }
}

function guardedRead(entry: ReadEntry, parts: GuardParts): ReadEntry {
  return {
    ...entry,
    handle: async (input, caller, context) => {
      const refusal = await refusalOf(entry, caller, context.rows, parts)
      return refusal ?? entry.handle(input, caller, context)
    },
  }
}

function guardedCommand(entry: RowCommandEntry, parts: GuardParts): RowCommandEntry {
  const { handler } = entry
  return {
    ...entry,
    handler: {
      ...handler,
      // Refused before anything is hashed or asked, and once more in the transaction, where it counts.
      prepare: async (input, context): Promise<Refused | Let> => {
        const refusal = await refusalOf(entry, context.caller, context.rows, parts)
        return refusal === null ? { facts: await handler.prepare(input, context) } : { refusal }
      },
      stream: (input, facts, caller) => {
        const prepared = facts as Refused | Let
        return 'refusal' in prepared ? newId() : handler.stream(input, prepared.facts, caller)
      },
      run: async (transaction, command) => {
        const prepared = command.facts as Refused | Let
        if ('refusal' in prepared) return prepared.refusal
        const refusal = await refusalOf(entry, command.caller, transaction.query, parts)
        return refusal ?? handler.run(transaction, { ...command, facts: prepared.facts })
      },
    },
  }
}

async function refusalOf(
  { operation }: HandlerEntry,
  caller: Caller,
  read: Reading,
  { realm, clock }: GuardParts,
): Promise<Rejection | null> {
  if (!('policy' in operation)) return caller.kind === 'service' ? null : reject('not-allowed')
  const { policy } = operation
  if (!isAllowed(policy, caller, realm)) return reject('not-allowed')
  if (policy === 'anyone' || policy === 'local' || !('sessionId' in caller)) return null
  // A new password ends the session that it was set in; whoever asks again, for the answer was lost, proves himself
  // by his passwords.
  if (operation.session?.effect === 'begins') return null
  // An administrator, whose session is one of the other realm: what the edge has seen counts, as it does elsewhere.
  if (policy === 'admin' && realm === 'players') return null
  const [session] = await read<{ role: PlatformRole | null }>(sessionStatement, [
    caller.sessionId,
    caller.accountId,
    new Date(clock.now()),
  ])
  if (session === undefined) return reject('not-authenticated')
  if (caller.kind !== 'staff') return null
  const { platformRole: _told, ...somebody } = caller
  const known = session.role === null ? somebody : { ...somebody, platformRole: session.role }
  return isAllowed(policy, known, realm) ? null : reject('not-allowed')
}

const sessionStatement = /* sql */ `
  select a.platform_role as role from sessions s join accounts a on a.id = s.account_id
  where s.id = $1 and s.account_id = $2 and s.expires_at > $3`
