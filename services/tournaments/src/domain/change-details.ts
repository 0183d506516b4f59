import type { TournamentId } from '@matchday/contracts'
import { type Decided, isRejected, rejected } from './decision.ts'
import { type DetailsInput, detailsProblems, isSameDetails, withDetails } from './details.ts'
import { writable } from './phases.ts'
import type { TournamentState } from './state.ts'

/**
 * `expectedVersion`: the version that the organiser saw, if he says so. Essential: nobody who joined without being
 * asked may sit down after the tournament has become private.
 */
export function changeDetails(
  state: TournamentState,
  input: DetailsInput,
  versions: { readonly version: number; readonly expectedVersion: number | undefined },
): Decided<
  { readonly id: TournamentId },
  'not-found' | 'tournament-archived' | 'stale-version' | 'invalid-input'
> {
  const tournament = writable(state)
  if (isRejected(tournament)) return tournament
  const { version, expectedVersion } = versions
  if (expectedVersion !== undefined && expectedVersion !== version) {
    return rejected('stale-version', `It is at version ${version} now.`)
  }
  const details = withDetails(tournament.details, input)
  const fields = detailsProblems(details)
  if (fields.length > 0) return { kind: 'rejected', code: 'invalid-input', fields }
  const answer = { id: tournament.id }
  if (isSameDetails(details, tournament.details)) return { kind: 'accepted', events: [], answer }
  return { kind: 'accepted', events: [{ type: 'details-changed', data: details }], answer, essential: true }
}
