import { type Static, Type } from 'typebox'
import type { OrganizationId } from './ids.ts'
import { reasonLengthMax } from './names.ts'
import {
  Closed,
  Hex256,
  IdOf,
  Name,
  Nullable,
  OneOf,
  PlayerIdSchema,
  Text,
  TimeSchema,
  TournamentIdSchema,
  VersionSchema,
} from './schemas.ts'

/** Bounds of a tournament, the same in every layer. */
export const tournamentLimits = {
  seatsMin: 2,
  seatsMax: 256,
  teamsMin: 2,
  teamsMax: 256,
  redrawReasonLengthMax: reasonLengthMax,
  /** Redraws are for accidents; a draw that is repeated more often than this is no draw. */
  drawAttemptsMax: 10,
  descriptionLengthMax: 2_000,
  addressLengthMax: 400,
  /** Requests to be let into a private tournament that wait at once. */
  entryRequestsMax: 512,
} as const

export const DrawMode = OneOf(
  ['any', 'derangement', 'keep'],
  'any: uniform · derangement: nobody gets his own pick · keep',
)
export const PickRule = OneOf(['unique', 'shared'], 'unique: a team can be picked once')
export const TeamPreset = OneOf(['classic', 'clubs', 'nations'])
export type DrawMode = Static<typeof DrawMode>
export type PickRule = Static<typeof PickRule>
export type TeamPreset = Static<typeof TeamPreset>

export const Visibility = OneOf(
  ['public', 'unlisted', 'private'],
  'public: found by everybody · unlisted: seen by whoever has the address · ' +
    'private: seen by those inside, and the organiser lets them in',
)
export type Visibility = Static<typeof Visibility>
/** When and where, and what it is about. Both coordinates or none; the end comes after the start. */
export const DetailsInput = {
  description: Type.Optional(Nullable(Text(tournamentLimits.descriptionLengthMax))),
  address: Type.Optional(Nullable(Text(tournamentLimits.addressLengthMax))),
  latitude: Type.Optional(Nullable(Type.Number({ minimum: -90, maximum: 90 }))),
  longitude: Type.Optional(Nullable(Type.Number({ minimum: -180, maximum: 180 }))),
  startsAt: Type.Optional(Nullable(TimeSchema)),
  endsAt: Type.Optional(Nullable(TimeSchema)),
  visibility: Type.Optional(Visibility),
} as const
export const Details = {
  description: Nullable(Type.String()),
  address: Nullable(Type.String()),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  startsAt: Nullable(TimeSchema),
  endsAt: Nullable(TimeSchema),
  visibility: Visibility,
} as const

export const TeamList = Type.Array(Name('team'), {
  minItems: tournamentLimits.teamsMin,
  maxItems: tournamentLimits.teamsMax,
})
const Assignment = Closed({ playerId: PlayerIdSchema, team: Type.String() })
export const Assignments = Type.Array(Assignment, { maxItems: tournamentLimits.seatsMax })

export const Player = Closed({
  id: PlayerIdSchema,
  firstName: Type.String(),
  lastName: Type.String({ description: 'One letter and a dot, unless the player shows his name whole' }),
  pick: Nullable(Type.String()),
  team: Nullable(Type.String({ description: 'Drawn; null before the draw' })),
})
export type Player = Static<typeof Player>

/** One attempt at the draw. The commitment of an attempt is published before its contributions are taken. */
export const DrawAttempt = Closed({
  attempt: Type.Integer({ minimum: 1 }),
  status: OneOf(['committed', 'drawn', 'void']),
  commitment: Hex256,
  voidReason: Type.Optional(Type.String()),
})
export type DrawAttempt = Static<typeof DrawAttempt>

/** Whether *Draw* can be pressed now and, if not, why: told before the button is. */
export const DrawReadiness = Closed({
  ready: Type.Boolean(),
  reason: Type.Optional(
    OneOf(['not-full', 'not-all-picked', 'draw-impossible', 'already-drawn', 'tournament-archived']),
  ),
  blocking: Type.Optional(
    Type.Array(Closed({ team: Type.String(), count: Type.Integer(), atMost: Type.Integer() }), {
      description: 'With shared picks: teams that too many have picked for nobody-gets-his-own',
    }),
  ),
})
export type DrawReadiness = Static<typeof DrawReadiness>

export const Tournament = Closed({
  id: TournamentIdSchema,
  name: Type.String(),
  limit: Type.Integer(),
  status: OneOf(['open', 'drawn', 'archived']),
  joining: Type.Boolean({ description: 'Whether joining is open' }),
  joinCode: Type.String(),
  joinUrl: Type.String(),
  drawMode: DrawMode,
  picks: PickRule,
  teams: Type.Array(Type.String()),
  players: Type.Array(Player),
  seatsLeft: Type.Integer(),
  draws: Type.Array(DrawAttempt),
  readiness: DrawReadiness,
  createdAt: TimeSchema,
  organization: Nullable(Closed({ id: IdOf<OrganizationId>(), name: Type.String() })),
  ...Details,
  version: VersionSchema,
})
export type Tournament = Static<typeof Tournament>
