import type {
  ApiKeyId,
  OrganizationId,
  PlayerAccountId,
  PlayerId,
  SessionId,
  StaffId,
  TournamentId,
} from './ids.ts'
import type { PlatformRole, Scope } from './roles.ts'

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
  /** Somebody with an account among the organisers' people. What he may do in an organisation is not in his token. */
  | { kind: 'staff'; accountId: StaffId; sessionId: SessionId; platformRole?: PlatformRole }
  /** A player with an account. */
  | { kind: 'player-account'; accountId: PlayerAccountId; sessionId: SessionId }
  /** A program with an organisation's key. */
  | { kind: 'key'; keyId: ApiKeyId; organizationId: OrganizationId; scopes: readonly Scope[] }
  /** Another service. No token says this: the edge can't make such a caller. */
  | { kind: 'service'; service: string }

/** Request ids are remembered per caller, so that nobody can ask for another's answer by guessing an id. */
export function callerScope(caller: Caller): string {
  switch (caller.kind) {
    case 'anyone':
      return 'anyone'
    case 'organizer':
      return `organizer:${caller.tournamentId}`
    case 'player':
      return `player:${caller.playerId}`
    case 'staff':
    case 'player-account':
      return `${caller.kind}:${caller.accountId}`
    case 'key':
      return `key:${caller.keyId}`
    case 'service':
      return `service:${caller.service}`
    default:
      return caller satisfies never
  }
}

/** The id of a caller that has one beyond its kind, for the record of who did what. */
export function actorOf(caller: Caller): string | null {
  switch (caller.kind) {
    case 'anyone':
    case 'organizer':
      return null
    // A player's account can be forgotten, and nothing of it may stay in what happened.
    case 'player-account':
      return null
    case 'player':
      return caller.playerId
    case 'staff':
      return caller.accountId
    case 'key':
      return caller.keyId
    case 'service':
      return caller.service
    default:
      return caller satisfies never
  }
}
