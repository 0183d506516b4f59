export type { PassHolder, TournamentsConfig } from './config.ts'
export { tournamentMigrations } from './migrations.ts'
export { createNameKeys } from './name-keys.ts'
export { defineTournaments } from './service.ts'
