import { newId } from '@matchday/contracts'
import { migrateStore, openConnections, silentLog } from '@matchday/kernel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tournamentMigrations } from './migrations.ts'
import { startServer } from './testing/real-instances.ts'
import left from './testing/stream-0.2.0.json' with { type: 'json' }

let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

it('the upgrade leaves the claims of tournaments, and none of their players', async () => {
  const database = await server.server.database('upgraded')
  await migrateStore({ database, log: silentLog })
  const connections = openConnections(database, { schema: 'public', connectionsMax: 1, log: silentLog })
  const held = async () =>
    (await connections.query<{ key: string }>({ text: 'select key from claims' }, [])).map(({ key }) => key)
  try {
    const account = `account:${newId()}:${left.stream}`
    const text = 'insert into claims (key, stream) select key, $2 from unnest($1::text[]) as held (key)'
    await connections.query({ text }, [[...left.claims, account], left.stream])
    expect((await held()).join()).toContain('ada')
    await migrateStore({ database, migrations: tournamentMigrations, log: silentLog })
    const kinds = (await held()).map((key) => key.slice(0, key.indexOf(':')))
    expect(kinds.sort()).toEqual(['account', 'join-code', 'name'])
  } finally {
    await connections.close()
  }
})
