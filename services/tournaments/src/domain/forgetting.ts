import type { PlayerAccountId } from '@matchday/contracts'
import { accountClaim } from './claims.ts'
import type { ShownName } from './names.ts'
import { accountSecret, nameSecret } from './person-secrets.ts'
import type { ExistingTournament, Person, Trace } from './state.ts'

/** Stands in place of an account in what happened, when nobody shall be found by it any more. */
const noAccount = '0'.repeat(64)

type Redaction = { readonly version: number; readonly data: Record<string, string> }
export type Forgotten = {
  readonly redactions: readonly Redaction[]
  readonly forgottenSecrets: readonly string[]
  readonly releases: readonly string[]
}

/**
 * All that has to go with somebody's name: what happened is told without it, the whole name and the account are no
 * longer kept, and the account is free. `accountId` is that of his account, if he has one: events don't tell it.
 */
export function forgetting(
  { id }: ExistingTournament,
  person: Person,
  name: ShownName,
  accountId: PlayerAccountId | null,
): Forgotten {
  return {
    redactions: person.traces.map((trace) => redacted(trace, person, name)),
    forgottenSecrets: [nameSecret(person.id), accountSecret(person.id)],
    releases: accountId === null ? [] : [accountClaim(accountId, id)],
  }
}

function redacted({ version, type }: Trace, { id: playerId }: Person, name: ShownName): Redaction {
  switch (type) {
    case 'player-joined':
    case 'entry-requested':
      return { version, data: { playerId, ...name } }
    case 'seat-linked':
      return { version, data: { playerId, account: noAccount } }
    default:
      return type satisfies never
  }
}
