import type {
  DrawMode,
  OrganizationId,
  PickRule,
  PlayerId,
  TournamentId,
  Visibility,
} from '@matchday/contracts'

/** An event that leads to somebody: told otherwise when his name has to go. */
export type Trace = {
  readonly version: number
  readonly type: 'player-joined' | 'entry-requested' | 'seat-linked'
}

/** What is known of somebody who is in, or wants to be. */
export type Person = {
  readonly id: PlayerId
  /** As everybody may see them. */
  readonly firstName: string
  readonly lastName: string
  /** Of the names as shown: two with the same look alike. */
  readonly shownKey: string
  /**
   * Of the whole name: two with the same are one person. A keyed hash or, of older releases, the name itself; null:
   * the name is forgotten.
   */
  readonly key: string | null
  /** Hash of account and tournament: says whose the seat is to whoever knows the account. */
  readonly account: string | null
  readonly traces: readonly Trace[]
  /** Version with which he came. */
  readonly since: number
}

/** Somebody who is in. Players stand in the order in which they joined. */
export type SeatedPlayer = Person & {
  /** 1 to the limit; joining takes it, so that two instances never give more seats than there are. */
  readonly seat: number
  /** Grows each time that the seat moves to another device; older passes are no longer good. */
  readonly pass: number
  readonly pick: string | null
  /** What his device added to the attempt that is under way. */
  readonly contribution: string | null
}

/** Somebody who waits to be let into a private tournament. */
export type EntryRequest = Person & { readonly requestedAt: string }

/** When and where it is, what it is about, and who may see it. */
export type TournamentDetails = {
  readonly description: string | null
  readonly address: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly visibility: Visibility
}

/** A player as he stood in the list when it was frozen. */
export type FrozenEntrant = {
  readonly playerId: PlayerId
  readonly name: string
  readonly pick: string
  readonly contribution: string | null
}

export type CommittedDraw = { readonly attempt: number; readonly commitment: string }
export type DrawnDraw = CommittedDraw & {
  readonly seed: string
  readonly entrants: readonly FrozenEntrant[]
  readonly assignments: readonly { readonly playerId: PlayerId; readonly team: string }[]
  /** Version of the tournament right after the draw. */
  readonly version: number
}
export type VoidedDraw = DrawnDraw & { readonly voidReason: string }

type Common = {
  readonly id: TournamentId
  readonly name: string
  readonly limit: number
  readonly teams: readonly string[]
  readonly picks: PickRule
  readonly drawMode: DrawMode
  readonly joinCode: string
  /** As the organiser has set it; it is looked at only while the tournament is open. */
  readonly joining: boolean
  readonly createdAt: string
  /** Whose it is; null: of whoever holds the organiser's token. */
  readonly organizationId: OrganizationId | null
  readonly details: TournamentDetails
  readonly players: readonly SeatedPlayer[]
  /** First come first. */
  readonly requests: readonly EntryRequest[]
  /** Earlier attempts, first one first. */
  readonly voided: readonly VoidedDraw[]
}
export type MissingTournament = { readonly status: 'missing' }
export type OpenTournament = Common & { readonly status: 'open'; readonly draw: CommittedDraw }
export type DrawnTournament = Common & { readonly status: 'drawn'; readonly draw: DrawnDraw }
export type ArchivedTournament = Common & {
  readonly status: 'archived'
  readonly draw: CommittedDraw | DrawnDraw
}
export type ExistingTournament = OpenTournament | DrawnTournament | ArchivedTournament
export type TournamentState = MissingTournament | ExistingTournament
