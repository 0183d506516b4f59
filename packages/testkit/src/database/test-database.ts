import { randomBytes } from 'node:crypto'
import { type DatabaseTarget, deleteDatabase, ensureDatabase } from '@matchday/kernel'
import { inject } from 'vitest'
import type { TestServer } from './global-setup.ts'

export type TestDatabase = AsyncDisposable & {
  /** For `openStore` and everything else that connects. */
  readonly database: DatabaseTarget
  /** Ends all connections to it. */
  drop(): Promise<void>
}

/**
 * A database of a store's tables, for one test file (or one test): a copy of a template, made in tens of ms.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server: TestServer | undefined = inject('testServer')
  if (server === undefined) throw new Error('the test server is started by vitest.config.ts: globalSetup')
  const name = `test_${randomBytes(8).toString('hex')}`
  await ensureDatabase(server.maintenance, name, server.template)
  const drop = () => deleteDatabase(server.maintenance, name)
  return { database: { ...server.maintenance, database: name }, drop, [Symbol.asyncDispose]: drop }
}
