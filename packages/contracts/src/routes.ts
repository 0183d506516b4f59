import { organizationRoutes } from './organization-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { tournamentRoutes } from './tournament-routes.ts'

export type { Method, Route } from './route.ts'

/**
 * The HTTP surface of Matchday at a glance: operation → [method, path]. Everything else about an operation stands
 * beside its service's other contracts (tournaments.ts …). The route tables have no imports but types, so that the
 * web client can carry them without carrying the schemas.
 */
export const routes = { ...tournamentRoutes, ...peopleRoutes, ...organizationRoutes } as const

export type OperationName = keyof typeof routes
