import { channels } from './channels.ts'
import type { Operation } from './operation.ts'
import type { OperationName } from './routes.ts'
import { tournamentEvents, tournamentOperations } from './tournaments.ts'

/** Every service and what it says. The edge, the documents and the web client derive from this one table. */
export const services = {
  tournaments: { operations: tournamentOperations, events: tournamentEvents, channel: channels.tournament },
} as const

export type ServiceName = keyof typeof services
type All = typeof services
type OperationsOf<S extends ServiceName> = All[S]['operations']
/** Operation name → its contract. */
export type Operations = { [S in ServiceName]: OperationsOf<S> }[ServiceName]

/** Operations by name, of all services. */
export const allOperations: Operations = services.tournaments.operations
/** The same, where only the generic shape matters. */
export const operationList: readonly Operation[] = Object.values(allOperations)

/** Compile-time proof that every route has its operation and the reverse. */
export const everyRouteIsDeclared: [OperationName] extends [keyof Operations] ? true : never = true
