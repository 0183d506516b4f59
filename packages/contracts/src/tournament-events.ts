import { Type } from 'typebox'
import { events } from './events.ts'
import type { OrganizationId } from './ids.ts'
import { Closed, Hex256, IdOf, Nullable, OneOf, PlayerIdSchema, TimeSchema } from './schemas.ts'
import { Assignments, Details, DrawMode, PickRule } from './tournament-shapes.ts'

/** Older tournaments were made without. */
const optionalDetails = { details: Type.Optional(Closed(Details)) } as const
/** Hash of an account and this tournament: whose a seat is, for whoever knows the account already. */
const AccountMark = Type.String({ pattern: '^[0-9a-f]{64}$' })
/** Gone when the name is forgotten; older events never had it. */
const nameKey = {
  nameKey: Type.Optional(
    Type.String({
      description: 'Keyed hash of the whole name: says whether two are the same, and nothing else',
    }),
  ),
} as const

/**
 * What happens to a tournament. One name serves the stored event, the bus and the live publication, which is
 * `{type, version, …data}`: events hold nothing that a spectator may not see. (Secrets are kept apart, see the store.)
 */
export const tournamentEvents = events('tournaments', {
  'tournament-created': Closed({
    name: Type.String(),
    limit: Type.Integer(),
    teams: Type.Array(Type.String()),
    picks: PickRule,
    drawMode: DrawMode,
    joinCode: Type.String(),
    commitment: Hex256,
    organizationId: Type.Optional(IdOf<OrganizationId>()),
    ...optionalDetails,
  }),
  'tournament-renamed': Closed({ name: Type.String() }),
  'joining-changed': Closed({ open: Type.Boolean() }),
  /** As everybody may see it; the whole name is kept apart, if the player doesn't show it. */
  'player-joined': Closed({
    playerId: PlayerIdSchema,
    firstName: Type.String(),
    lastName: Type.String(),
    ...nameKey,
    account: Type.Optional(AccountMark),
  }),
  'seat-linked': Closed({ playerId: PlayerIdSchema, account: AccountMark }),
  /** His name is gone, also from what happened before. */
  'player-anonymized': Closed({
    playerId: PlayerIdSchema,
    firstName: Type.String(),
    lastName: Type.String(),
  }),
  'entry-requested': Closed({
    playerId: PlayerIdSchema,
    firstName: Type.String(),
    lastName: Type.String(),
    ...nameKey,
    account: Type.Optional(AccountMark),
  }),
  'entry-declined': Closed({ playerId: PlayerIdSchema }),
  'details-changed': Closed(Details),
  /** With all that is listed of it, so that a reader who only follows an organisation's needs nothing older. */
  /** Who may see the tournament may have changed with it. */
  'organization-status-changed': Closed({ status: OneOf(['approved', 'blocked']) }),
  'tournament-claimed': Closed({
    organizationId: IdOf<OrganizationId>(),
    name: Type.String(),
    limit: Type.Integer(),
    joinCode: Type.String(),
    status: OneOf(['open', 'drawn']),
    joining: Type.Boolean(),
    players: Type.Integer(),
    createdAt: TimeSchema,
    details: Closed(Details),
  }),
  'player-removed': Closed({ playerId: PlayerIdSchema, by: OneOf(['organizer', 'player']) }),
  'pass-moved': Closed({ playerId: PlayerIdSchema, pass: Type.Integer({ minimum: 1 }) }),
  'team-picked': Closed({ playerId: PlayerIdSchema, team: Type.String(), contribution: Nullable(Hex256) }),
  'contribution-added': Closed({ playerId: PlayerIdSchema, contribution: Hex256 }),
  'teams-drawn': Closed({
    attempt: Type.Integer(),
    seed: Hex256,
    entrantsHash: Hex256,
    assignments: Assignments,
  }),
  'draw-voided': Closed({ attempt: Type.Integer(), reason: Type.String(), nextCommitment: Hex256 }),
  'tournament-archived': Closed({}),
})
export type TournamentEvent = import('./events.ts').EventOf<typeof tournamentEvents>
