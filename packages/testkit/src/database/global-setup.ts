import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatabaseTarget, migrateStore, silentLog, startEmbeddedPostgres } from '@matchday/kernel'
import type { TestProject } from 'vitest/node'

/** Every test database is a copy of this one, which has a store's tables and nothing in them. */
const templateDatabase = 'store_template'

export type TestServer = { readonly maintenance: DatabaseTarget; readonly template: string }

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer
  }
}

/**
 * One real PostgreSQL for the whole run, as durable as in use: a test on a database that may lose is no
 * proof.
 */
export default async function startTestServer(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'matchday-test-'))
  const server = await startEmbeddedPostgres({ dataDirectory })
  const stop = async (): Promise<void> => {
    await server.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
  try {
    const maintenance = await server.database('test_maintenance')
    await migrateStore({ database: await server.database(templateDatabase), log: silentLog })
    project.provide('testServer', { maintenance, template: templateDatabase })
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}
