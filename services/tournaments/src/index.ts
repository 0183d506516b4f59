export type { PassHolder, TournamentsConfig } from './config.ts'
export { createNameKeys } from './name-keys.ts'
export { defineTournaments } from './service.ts'
