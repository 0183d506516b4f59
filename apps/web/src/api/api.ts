import { tournamentRoutes } from '@matchday/contracts/tournament-routes'
import { createApi } from './client.ts'

/** The client of this page. Accounts and organisations have one of their own, which phones that join don't load. */
export const api = createApi(tournamentRoutes)
