import type { Caller, PlayerId } from '@matchday/contracts'
import { accountClaim } from './claims.ts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { type Account, personSecrets } from './person-secrets.ts'
import { existing } from './phases.ts'
import { personWith } from './seats.ts'
import type { ExistingTournament, Person, TournamentState } from './state.ts'

type Answer = { readonly playerId: PlayerId }

/**
 * Keeps a seat with an account. `holder`: whom the pass is good for, as its signature says; null: it is none.
 * Decided on the exact version, so that one seat is not given to two accounts; an account's one seat is a claim.
 */
export function linkSeat(
  state: TournamentState,
  holder: Caller | null,
  account: Account,
): Decided<Answer, 'not-found' | 'not-a-player' | 'pass-moved' | 'seat-linked' | 'player-exists'> {
  const tournament = existing(state)
  if (isRejected(tournament)) return tournament
  const person = holderIn(tournament, holder)
  if (person === undefined) return notInside(tournament)
  if ('pass' in person && holder?.kind === 'player' && person.pass !== holder.pass)
    return rejected('pass-moved')
  const answer = { playerId: person.id }
  if (person.account === account.mark) return { kind: 'accepted', events: [], answer }
  if (person.account !== null) return rejected('seat-linked')
  const other = personWith(tournament, (one) => one.account === account.mark)
  if (other !== undefined) return rejected('player-exists')
  return {
    kind: 'accepted',
    events: [{ type: 'seat-linked', data: { playerId: person.id, account: account.mark } }],
    answer,
    claims: [{ key: accountClaim(account.id, tournament.id), otherwise: 'player-exists' }],
    secrets: personSecrets(person.id, null, account),
  }
}

/** To whom a private tournament is none of his business it is not there. */
export function notInside(tournament: ExistingTournament) {
  return rejected(tournament.details.visibility === 'private' ? 'not-found' : 'not-a-player')
}

function holderIn(tournament: ExistingTournament, holder: Caller | null): Person | undefined {
  if (holder?.kind !== 'player' || holder.tournamentId !== tournament.id) return undefined
  return personWith(tournament, ({ id }) => id === holder.playerId)
}
