import { hash } from 'node:crypto'
import type { PlayerAccountId, TournamentId } from '@matchday/contracts'
import type { Account } from './domain/person-secrets.ts'

/** What is told of an account in a tournament: in each another one, so that nobody can be followed by it. */
export function accountIn(id: TournamentId, accountId: PlayerAccountId): Account {
  return { id: accountId, mark: hash('sha256', `${accountId}:${id}`, 'hex') }
}
