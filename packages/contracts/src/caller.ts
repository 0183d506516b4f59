import type { PlayerId, TournamentId } from './ids.ts'

/** Who calls, as the token says. Being somebody is not being allowed: the service that owns the data decides that. */
export type Caller =
  | { kind: 'anyone' }
  | { kind: 'organizer'; tournamentId: TournamentId }
  | {
      kind: 'player'
      tournamentId: TournamentId
      playerId: PlayerId
      /** Grows each time the seat moves to another device; only the latest is good. */
      pass: number
    }

/** Request ids are remembered per caller, so that nobody can ask for another's answer by guessing an id. */
export function callerScope(caller: Caller): string {
  switch (caller.kind) {
    case 'anyone':
      return 'anyone'
    case 'organizer':
      return `organizer:${caller.tournamentId}`
    case 'player':
      return `player:${caller.playerId}`
    default:
      return caller satisfies never
  }
}
