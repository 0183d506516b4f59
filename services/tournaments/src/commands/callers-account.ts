import type { Caller, PlayerAccountId, TournamentId } from '@matchday/contracts'
import { accountIn } from '../account-mark.ts'
import type { Account } from '../domain/person-secrets.ts'

/** Nobody's: the id of no account, for callers that are refused by the operation's policy anyway. */
const nobodys: Account = { id: '' as PlayerAccountId, mark: '' }

export function callersAccount(caller: Caller, id: TournamentId): Account {
  return caller.kind === 'player-account' ? accountIn(id, caller.accountId) : nobodys
}
