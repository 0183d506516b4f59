import type { ErrorCode, FaultCode, Operations, RejectionOf } from '@matchday/contracts'

/** What somebody calls who has no account. */
type GuestOperation =
  | 'createTournament'
  | 'getTournament'
  | 'renameTournament'
  | 'archiveTournament'
  | 'findByJoinCode'
  | 'joinTournament'
  | 'getSeat'
  | 'movePass'
  | 'removePlayer'
  | 'pickTeam'
  | 'setJoining'
  | 'drawTeams'
  | 'voidDraw'
  | 'getDrawProof'

/** What only who acts for an organisation, or with a session, is refused with. */
type MemberCode =
  | 'preview-needed'
  | 'not-approved'
  | 'organization-blocked'
  | 'cross-origin'
  | 'insecure-connection'

/** Codes that every phone has words for … */
export type GuestCode =
  | Exclude<RejectionOf<Operations[GuestOperation]> | FaultCode, MemberCode>
  | 'too-many-requests'
  | 'network'

/** … and those whose words come with the screens of accounts and organisations. */
export type PeopleCode = Exclude<ErrorCode, GuestCode>
