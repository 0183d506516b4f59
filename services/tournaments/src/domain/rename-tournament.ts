import { normalizeName, type TournamentId } from '@matchday/contracts'
import { nameClaim } from './claims.ts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { writable } from './phases.ts'
import type { TournamentState } from './state.ts'

export type RenameAnswer = { readonly id: TournamentId; readonly name: string }

/** `expectedVersion`: the version that the organiser saw; `version`: the one that is decided on. */
export function renameTournament(
  state: TournamentState,
  input: { readonly name?: string },
  versions: { readonly version: number; readonly expectedVersion: number | undefined },
): Decided<RenameAnswer, 'not-found' | 'tournament-archived' | 'stale-version' | 'name-taken'> {
  const tournament = writable(state)
  if (isRejected(tournament)) return tournament
  const { version, expectedVersion } = versions
  if (expectedVersion !== undefined && expectedVersion !== version) {
    return rejected('stale-version', `It is at version ${version} now.`)
  }
  const name = input.name === undefined ? tournament.name : normalizeName(input.name)
  const answer = { id: tournament.id, name }
  if (name === tournament.name) return { kind: 'accepted', events: [], answer }
  const claimed = nameClaim(name)
  const released = nameClaim(tournament.name)
  return {
    kind: 'accepted',
    events: [{ type: 'tournament-renamed', data: { name } }],
    answer,
    // Only another spelling: the tournament holds that name already.
    ...(claimed !== released && {
      claims: [{ key: claimed, otherwise: 'name-taken' }],
      releases: [released],
    }),
  }
}
