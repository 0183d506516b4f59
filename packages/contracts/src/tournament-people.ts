import { Type } from 'typebox'
import type { RejectionCode } from './codes.ts'
import type { OrganizationId } from './ids.ts'
import {
  Closed,
  IdOf,
  Nullable,
  OneOf,
  Page,
  PageQuery,
  PlayerIdSchema,
  TimeSchema,
  TournamentIdSchema,
  VersionSchema,
} from './schemas.ts'
import { Details, DetailsInput, Player } from './tournament-shapes.ts'

/** What organisers’ people and players with accounts have to do with tournaments. */

/** What somebody is refused with who acts for an organisation. */
export const standingRejections = [
  'not-allowed',
  'preview-needed',
  'not-approved',
  'organization-blocked',
] as const satisfies readonly RejectionCode[]

const inTournament = Closed({ id: TournamentIdSchema })
const ofPlayer = Closed({ id: TournamentIdSchema, playerId: PlayerIdSchema })
const organizerReads = {
  kind: 'query',
  policy: 'organizer',
  params: inTournament,
  answers: 'ok',
  scope: 'tournaments:read',
} as const
const status = OneOf(['open', 'drawn', 'archived'])

const listed = {
  id: TournamentIdSchema,
  name: Type.String(),
  status,
  joining: Type.Boolean(),
  joinCode: Type.String(),
  seatsLeft: Type.Integer(),
  limit: Type.Integer(),
  organization: Nullable(Closed({ id: IdOf<OrganizationId>(), name: Type.String() })),
  ...Details,
} as const

/** Part of the operations of `tournaments`. */
export const tournamentPeopleOperations = {
  changeDetails: {
    summary: 'Change when and where it is, what it is about, and who may see it',
    kind: 'command',
    policy: 'organizer',
    params: inTournament,
    body: Closed(DetailsInput),
    answers: 'ok',
    output: Closed({ version: VersionSchema }),
    rejections: ['not-found', ...standingRejections, 'tournament-archived', 'stale-version', 'invalid-input'],
    expectedVersion: 'optional',
    versioned: true,
    scope: 'tournaments:write',
  },
  claimTournament: {
    summary: 'Take a tournament, whose organiser’s token one has, into an organisation that one manages',
    kind: 'command',
    policy: 'staff',
    private: true,
    params: inTournament,
    body: Closed({
      organizationId: IdOf<OrganizationId>(),
      organizerToken: Type.String({ maxLength: 1_024 }),
    }),
    answers: 'ok',
    output: Closed({ version: VersionSchema }),
    rejections: ['not-found', ...standingRejections, 'tournament-archived', 'already-claimed'],
  },
  listPlayers: {
    ...organizerReads,
    summary: 'Players with their whole names, in the order in which they joined',
    query: Closed(PageQuery),
    output: Page({
      id: PlayerIdSchema,
      firstName: Type.String(),
      lastName: Type.String(),
      shownAs: Type.String(),
      hasAccount: Type.Boolean(),
    }),
    rejections: ['not-found', ...standingRejections],
  },
  anonymizePlayer: {
    summary: 'Take the name of a player out of the tournament, and out of all that happened',
    kind: 'command',
    policy: 'organizer-or-self',
    params: ofPlayer,
    answers: 'ok',
    output: Closed({ firstName: Type.String(), lastName: Type.String(), version: VersionSchema }),
    rejections: ['not-found', ...standingRejections, 'not-a-player', 'pass-moved'],
  },
  listEntryRequests: {
    ...organizerReads,
    summary: 'Who waits to be let in, first come first',
    query: Closed(PageQuery),
    output: Page({
      playerId: PlayerIdSchema,
      firstName: Type.String(),
      lastName: Type.String(),
      requestedAt: TimeSchema,
    }),
    rejections: ['not-found', ...standingRejections],
  },
  decideEntryRequest: {
    summary: 'Let a player in, or decline',
    kind: 'command',
    policy: 'organizer',
    params: ofPlayer,
    body: Closed({ accepted: Type.Boolean() }),
    answers: 'ok',
    output: Closed({ version: VersionSchema }),
    rejections: [
      'not-found',
      ...standingRejections,
      'tournament-archived',
      'already-drawn',
      'already-decided',
      'tournament-full',
    ],
    scope: 'tournaments:write',
  },
  searchTournaments: {
    summary: 'Public tournaments of approved organisations, those that begin first first',
    kind: 'query',
    policy: 'anyone',
    query: Closed({
      ...PageQuery,
      query: Type.Optional(
        Type.String({ format: 'line', maxLength: 100, description: 'In name, description or address' }),
      ),
      from: Type.Optional(TimeSchema),
      to: Type.Optional(TimeSchema),
    }),
    answers: 'ok',
    output: Page(listed),
    rejections: [],
    requestsPerMinuteMax: { perAddress: 600, total: 12_000 },
  },
  listOrganizationTournaments: {
    summary: 'Tournaments of the organisation, newest first',
    kind: 'query',
    policy: 'support',
    params: Closed({ organizationId: IdOf<OrganizationId>() }),
    query: Closed(PageQuery),
    answers: 'ok',
    output: Page(listed),
    rejections: ['not-found', ...standingRejections],
    scope: 'tournaments:read',
  },
  linkSeat: {
    summary: 'Keep a seat, whose pass one has, with one’s account',
    kind: 'command',
    policy: 'player-account',
    private: true,
    params: inTournament,
    body: Closed({ playerToken: Type.String({ maxLength: 1_024 }) }),
    answers: 'ok',
    output: Closed({ playerId: PlayerIdSchema, version: VersionSchema }),
    rejections: ['not-found', 'not-a-player', 'pass-moved', 'seat-linked', 'player-exists'],
  },
  listMySeats: {
    summary: 'Seats of the account, newest first',
    kind: 'query',
    policy: 'player-account',
    query: Closed(PageQuery),
    answers: 'ok',
    output: Page({
      tournamentId: TournamentIdSchema,
      tournament: Type.String(),
      status,
      player: Nullable(Player),
      isWaiting: Type.Boolean(),
      createdAt: TimeSchema,
      startsAt: Nullable(TimeSchema),
    }),
    rejections: [],
  },
  openSeat: {
    summary: 'Sit down with this device: a new pass for the account’s seat, and the old one stops working',
    kind: 'command',
    policy: 'player-account',
    private: true,
    params: inTournament,
    answers: 'created',
    output: Closed({
      playerId: PlayerIdSchema,
      playerToken: Type.String(),
      version: VersionSchema,
      firstName: Type.String(),
      lastName: Type.String(),
    }),
    rejections: ['not-found', 'not-a-player'],
  },
} as const
