import { type Static, Type } from 'typebox'
import { events } from './events.ts'
import { reasonLengthMax } from './names.ts'
import { operations } from './operation.ts'
import {
  Closed,
  Hex256,
  JoinCodeSchema,
  Name,
  Nullable,
  OneOf,
  PlayerIdSchema,
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

const TeamList = Type.Array(Name('team'), {
  minItems: tournamentLimits.teamsMin,
  maxItems: tournamentLimits.teamsMax,
})
const Assignment = Closed({ playerId: PlayerIdSchema, team: Type.String() })
const Assignments = Type.Array(Assignment, { maxItems: tournamentLimits.seatsMax })

export const Player = Closed({
  id: PlayerIdSchema,
  firstName: Type.String(),
  lastName: Type.String(),
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
  version: VersionSchema,
})
export type Tournament = Static<typeof Tournament>

const inTournament = Closed({ id: TournamentIdSchema })
const ofPlayer = Closed({ id: TournamentIdSchema, playerId: PlayerIdSchema })

export const tournamentOperations = operations('tournaments', {
  createTournament: {
    summary: 'Create a tournament',
    kind: 'command',
    policy: 'anyone',
    body: Closed({
      name: Name('tournament'),
      limit: Type.Integer({ minimum: tournamentLimits.seatsMin, maximum: tournamentLimits.seatsMax }),
      teams: Type.Optional(Type.Union([Closed({ preset: TeamPreset }), Closed({ names: TeamList })])),
      drawMode: Type.Optional(DrawMode),
      picks: Type.Optional(PickRule),
    }),
    answers: 'created',
    output: Closed({
      id: TournamentIdSchema,
      joinCode: Type.String(),
      joinUrl: Type.String(),
      organizerToken: Type.String(),
      version: VersionSchema,
    }),
    rejections: ['name-taken', 'invalid-input'],
  },
  getTournament: {
    summary: 'The tournament as it is now',
    kind: 'query',
    policy: 'anyone',
    params: inTournament,
    answers: 'ok',
    output: Tournament,
    rejections: ['not-found'],
    versioned: true,
  },
  renameTournament: {
    summary: 'Rename the tournament',
    kind: 'command',
    policy: 'organizer',
    params: inTournament,
    body: Closed({ name: Type.Optional(Name('tournament')) }),
    answers: 'ok',
    output: Closed({ id: TournamentIdSchema, name: Type.String(), version: VersionSchema }),
    rejections: ['not-found', 'tournament-archived', 'stale-version', 'name-taken'],
    expectedVersion: 'required',
    versioned: true,
  },
  archiveTournament: {
    summary: 'Archive: the name becomes free, the tournament can only be read',
    kind: 'command',
    policy: 'organizer',
    params: inTournament,
    answers: 'ok',
    output: Closed({ version: VersionSchema }),
    rejections: ['not-found'],
  },
  findByJoinCode: {
    summary: 'What a join code leads to',
    kind: 'query',
    policy: 'anyone',
    params: Closed({ code: JoinCodeSchema }),
    answers: 'ok',
    output: Closed({
      tournamentId: TournamentIdSchema,
      name: Type.String(),
      joining: Type.Boolean(),
      seatsLeft: Type.Integer(),
    }),
    rejections: ['not-found'],
    missesPerMinuteMax: { perAddress: 20, total: 100 },
  },
  joinTournament: {
    summary: 'Take a seat; answers with the pass of the player',
    kind: 'command',
    policy: 'anyone',
    params: inTournament,
    body: Closed({ firstName: Name('person'), lastName: Name('person') }),
    answers: 'created',
    output: Closed({ playerId: PlayerIdSchema, playerToken: Type.String(), version: VersionSchema }),
    rejections: [
      'not-found',
      'tournament-archived',
      'already-drawn',
      'joining-closed',
      'player-exists',
      'tournament-full',
    ],
  },
  getSeat: {
    summary: 'Whether the pass is still good, and whose seat it is',
    kind: 'query',
    policy: 'self',
    params: ofPlayer,
    answers: 'ok',
    output: Player,
    rejections: ['not-found', 'not-a-player', 'pass-moved'],
  },
  movePass: {
    summary: 'Move the seat to the calling device: a new pass, and the old one stops working',
    kind: 'command',
    policy: 'self',
    params: ofPlayer,
    answers: 'created',
    output: Closed({ playerId: PlayerIdSchema, playerToken: Type.String(), version: VersionSchema }),
    rejections: ['not-found', 'not-a-player', 'pass-moved'],
  },
  removePlayer: {
    summary: 'Remove a player (organiser) or leave (the player); the seat and the team become free',
    kind: 'command',
    policy: 'organizer-or-self',
    params: ofPlayer,
    answers: 'empty',
    rejections: ['not-found', 'tournament-archived', 'already-drawn', 'not-a-player', 'pass-moved'],
  },
  listTeams: {
    summary: 'The teams that can be picked, and by whom they are',
    kind: 'query',
    policy: 'anyone',
    params: inTournament,
    answers: 'ok',
    output: Closed({
      items: Type.Array(
        Closed({
          name: Type.String(),
          pickedBy: Type.Optional(PlayerIdSchema),
          picks: Type.Integer({ description: 'How many have picked it; above 1 only with shared picks' }),
        }),
        { maxItems: tournamentLimits.teamsMax },
      ),
    }),
    rejections: ['not-found'],
  },
  pickTeam: {
    summary:
      'Pick a team; the same team again is the same answer (and may bring a contribution to a new attempt)',
    kind: 'command',
    policy: 'self',
    params: ofPlayer,
    body: Closed({
      team: Name('team'),
      contribution: Type.Optional(Hex256),
    }),
    answers: 'ok',
    output: Closed({ playerId: PlayerIdSchema, team: Type.String(), version: VersionSchema }),
    rejections: [
      'not-found',
      'tournament-archived',
      'already-drawn',
      'not-a-player',
      'pass-moved',
      'unknown-team',
      'already-picked',
      'team-taken',
    ],
  },
  highlightTeam: {
    summary: 'What a player is looking at; shown to the others, never stored; null takes it back',
    kind: 'signal',
    policy: 'self',
    params: ofPlayer,
    body: Closed({ team: Nullable(Name('team')) }),
    answers: 'empty',
    rejections: [
      'not-found',
      'not-a-player',
      'pass-moved',
      'unknown-team',
      'already-drawn',
      'tournament-archived',
    ],
  },
  setJoining: {
    summary: 'Open or close joining',
    kind: 'command',
    policy: 'organizer',
    params: inTournament,
    body: Closed({ open: Type.Boolean() }),
    answers: 'ok',
    output: Closed({ open: Type.Boolean(), version: VersionSchema }),
    rejections: ['not-found', 'tournament-archived', 'already-drawn'],
  },
  drawTeams: {
    summary: 'Draw the teams; done twice, it answers with the first result',
    kind: 'command',
    policy: 'organizer',
    params: inTournament,
    body: Closed({}),
    answers: 'ok',
    output: Closed({ attempt: Type.Integer(), assignments: Assignments, version: VersionSchema }),
    rejections: ['not-found', 'tournament-archived', 'not-full', 'not-all-picked', 'draw-impossible'],
  },
  voidDraw: {
    summary: 'Void the draw, with a reason that stays visible; the next attempt has a fresh commitment',
    kind: 'command',
    policy: 'organizer',
    params: inTournament,
    body: Closed({
      reason: Type.String({ format: 'reason', maxLength: 4 * tournamentLimits.redrawReasonLengthMax }),
    }),
    answers: 'ok',
    output: Closed({ attempt: Type.Integer(), commitment: Hex256, version: VersionSchema }),
    rejections: ['not-found', 'tournament-archived', 'not-drawn', 'draw-impossible'],
  },
  getDrawProof: {
    summary: 'The proof of the draw: a document that anybody can check offline (docs/draw.md)',
    kind: 'query',
    policy: 'anyone',
    params: inTournament,
    query: Closed({
      attempt: Type.Optional(Type.Integer({ minimum: 1, maximum: tournamentLimits.drawAttemptsMax })),
    }),
    answers: 'ok',
    output: Type.Object(
      {},
      { additionalProperties: true, description: 'matchday-draw-v1, see docs/draw.md' },
    ),
    rejections: ['not-found', 'not-drawn'],
  },
  listLog: {
    summary: 'What happened, oldest first, page by page',
    kind: 'query',
    policy: 'anyone',
    params: inTournament,
    query: Closed({
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'Version after which to begin' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    }),
    answers: 'ok',
    output: Closed({
      items: Type.Array(
        Closed({
          version: VersionSchema,
          at: TimeSchema,
          type: Type.String(),
          by: OneOf(['anyone', 'organizer', 'player']),
          data: Type.Object({}, { additionalProperties: true }),
        }),
        { maxItems: 100 },
      ),
      next: Nullable(Type.Integer({ description: 'Pass as `after` for the next page; null at the end' })),
    }),
    rejections: ['not-found'],
  },
})

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
  }),
  'tournament-renamed': Closed({ name: Type.String() }),
  'joining-changed': Closed({ open: Type.Boolean() }),
  'player-joined': Closed({ playerId: PlayerIdSchema, firstName: Type.String(), lastName: Type.String() }),
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
