import { Type } from 'typebox'
import type { OrganizationId, PlayerAccountId } from './ids.ts'
import { internalOperations } from './operation.ts'
import { Closed, IdOf, Nullable, OneOf, PlayerIdSchema, TournamentIdSchema } from './schemas.ts'

/** What other services ask, and what the service does by itself when something has happened elsewhere. */
export const tournamentInternals = internalOperations('tournaments', {
  getOwner: {
    summary: 'The organisation that a tournament belongs to',
    kind: 'query',
    body: Closed({ id: TournamentIdSchema }),
    output: Closed({ organizationId: Nullable(IdOf<OrganizationId>()), name: Type.String() }),
    rejections: ['not-found'],
  },
  exportSeats: {
    summary: 'All that is kept about the seats of an account',
    kind: 'query',
    body: Closed({ accountId: IdOf<PlayerAccountId>() }),
    output: Closed({
      seats: Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 10_000 }),
    }),
    rejections: [],
  },
  forgetPlayer: {
    summary: 'The account of a player is gone: so is his name',
    kind: 'command',
    body: Closed({ id: TournamentIdSchema, accountId: IdOf<PlayerAccountId>() }),
    output: Closed({ playerId: Nullable(PlayerIdSchema) }),
    rejections: ['not-found'],
  },
  noteOrganizationStatus: {
    summary: 'The organisation was approved or blocked: its tournaments are seen, or not',
    kind: 'command',
    body: Closed({
      id: TournamentIdSchema,
      organizationId: IdOf<OrganizationId>(),
      status: OneOf(['approved', 'blocked']),
    }),
    output: Closed({}),
    rejections: ['not-found'],
  },
  archiveForOrganization: {
    summary: 'The organisation is gone: its tournament can only be read by nobody',
    kind: 'command',
    body: Closed({ id: TournamentIdSchema, organizationId: IdOf<OrganizationId>() }),
    output: Closed({}),
    rejections: ['not-found'],
  },
})
