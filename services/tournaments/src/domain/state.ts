import type { DrawMode, PickRule, PlayerId, TournamentId } from '@matchday/contracts'

/** Somebody who is in. Players stand in the order in which they joined. */
export type SeatedPlayer = {
  readonly id: PlayerId
  readonly firstName: string
  readonly lastName: string
  /** Two players with the same key are the same person. */
  readonly key: string
  /** 1 to the limit; the seat is claimed, so that two instances never give more seats than there are. */
  readonly seat: number
  /** Grows each time that the seat moves to another device; older passes are no longer good. */
  readonly pass: number
  readonly pick: string | null
  /** What his device added to the attempt that is under way. */
  readonly contribution: string | null
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

type Details = {
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
  readonly players: readonly SeatedPlayer[]
  /** Earlier attempts, first one first. */
  readonly voided: readonly VoidedDraw[]
}
export type MissingTournament = { readonly status: 'missing' }
export type OpenTournament = Details & { readonly status: 'open'; readonly draw: CommittedDraw }
export type DrawnTournament = Details & { readonly status: 'drawn'; readonly draw: DrawnDraw }
export type ArchivedTournament = Details & {
  readonly status: 'archived'
  readonly draw: CommittedDraw | DrawnDraw
}
export type ExistingTournament = OpenTournament | DrawnTournament | ArchivedTournament
export type TournamentState = MissingTournament | ExistingTournament
