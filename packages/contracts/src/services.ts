import type { EventCatalogue } from './events.ts'
import {
  playerIdentityEvents,
  playerIdentityInternals,
  playerIdentityOperations,
  staffIdentityEvents,
  staffIdentityInternals,
  staffIdentityOperations,
} from './identity.ts'
import type { InternalOperation, Operation } from './operation.ts'
import { organizationInternals } from './organization-internals.ts'
import { organizationEvents, organizationOperations } from './organizations.ts'
import type { OperationName } from './routes.ts'
import { tournamentEvents } from './tournament-events.ts'
import { tournamentInternals } from './tournament-internals.ts'
import { tournamentOperations } from './tournaments.ts'

/** Every service and what it says. The edge, the documents and the web client derive from this one table. */
export const services = {
  tournaments: {
    operations: tournamentOperations,
    internals: tournamentInternals,
    events: tournamentEvents,
  },
  'identity-staff': {
    operations: staffIdentityOperations,
    internals: staffIdentityInternals,
    events: staffIdentityEvents,
  },
  'identity-players': {
    operations: playerIdentityOperations,
    internals: playerIdentityInternals,
    events: playerIdentityEvents,
  },
  organizations: {
    operations: organizationOperations,
    internals: organizationInternals,
    events: organizationEvents,
  },
} as const satisfies Record<
  string,
  {
    operations: Record<string, Operation>
    internals: Record<string, InternalOperation>
    events: EventCatalogue
  }
>

export type ServiceName = keyof typeof services

/** Operation name → its contract. */
export type Operations = typeof tournamentOperations &
  typeof staffIdentityOperations &
  typeof playerIdentityOperations &
  typeof organizationOperations

/** Operations by name, of all services. */
export const allOperations: Operations = {
  ...tournamentOperations,
  ...staffIdentityOperations,
  ...playerIdentityOperations,
  ...organizationOperations,
}
/** The same, where only the generic shape matters. */
export const operationList: readonly Operation[] = Object.values(allOperations)
/** What services ask each other. */
export const internalOperationList: readonly InternalOperation[] = Object.values(services).flatMap(
  ({ internals }): readonly InternalOperation[] => Object.values(internals),
)

/** Compile-time proof that every route has its operation and the reverse. */
export const everyRouteIsDeclared: [OperationName] extends [keyof Operations] ? true : never = true
