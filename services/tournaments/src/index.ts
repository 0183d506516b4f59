export type { TournamentsConfig } from './config.ts'
export { defineTournaments } from './service.ts'
