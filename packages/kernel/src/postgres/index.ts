export { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts'
export type { DatabaseTarget } from './databases.ts'
export type { ServerExit } from './server-process.ts'
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './supervisor.ts'
