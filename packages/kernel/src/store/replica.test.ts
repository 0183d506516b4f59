import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@matchday/contracts'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import type { DatabaseTarget } from '../postgres/databases.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../postgres/index.ts'
import type { Store } from './port.ts'
import { openStore } from './postgres-store.ts'
import { openReplica, type Replica } from './replica.ts'
import { append } from './testing/append.ts'

const database = 'cup'
/** A server that can be followed; the built-in one keeps only what it needs for itself. */
const followed = { wal_level: 'replica', max_wal_senders: '4', hot_standby: 'on' }

let folder: string
let primary: EmbeddedPostgres
let standby: EmbeddedPostgres
let copy: DatabaseTarget
let store: Store
const opened: Replica[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matchday-replica-'))
  const [first, second] = [join(folder, 'primary'), join(folder, 'standby')]
  const prepared = await startEmbeddedPostgres({ dataDirectory: first, settings: followed })
  await (await openStore({ database: await prepared.database(database), log: silentLog })).close()
  await prepared.stop()
  await cp(first, second, { recursive: true, preserveTimestamps: true })
  primary = await startEmbeddedPostgres({ dataDirectory: first, settings: followed })
  const { host, port, user, password } = await primary.database(database)
  await writeFile(join(second, 'postgres', 'standby.signal'), '')
  const connection = `host=${host} port=${port} user=${user} password=${password}`
  standby = await startEmbeddedPostgres({
    dataDirectory: second,
    settings: { ...followed, primary_conninfo: connection },
  })
  copy = await standby.database(database)
  store = await openStore({ database: await primary.database(database), log: silentLog })
})
afterAll(async () => {
  await Promise.all(opened.map((replica) => replica.close()))
  await store?.close()
  await standby?.stop()
  await primary?.stop()
  await rm(folder, { recursive: true, force: true })
})

function replicaOf(
  target: DatabaseTarget = copy,
  source: Parameters<typeof openReplica>[0]['primary'] = store,
) {
  const replica = openReplica({
    primary: source,
    database: target,
    schema: 'public',
    log: silentLog,
    limits: { restMs: 0 },
  })
  opened.push(replica)
  return replica
}

async function onStandby(text: string): Promise<void> {
  const client = new Client(copy)
  await client.connect()
  await client.query(text).finally(() => client.end())
}

async function untilCopied(replica: Replica, stream: string): Promise<void> {
  while (replica.reads.replica === 0) {
    await replica.eventsOf(stream, 0, 100)
    await sleep(5)
  }
}

const versions = (events: readonly { version: number }[]) => events.map(({ version }) => version)

describe('a replica', () => {
  it('answers what it surely knows', async () => {
    const stream = newId()
    await store.append([append(stream, 5)])
    const replica = replicaOf()
    await untilCopied(replica, stream)
    const { primary: before } = replica.reads
    expect(await replica.eventsOf(stream, 0, 100)).toEqual(await store.eventsOf(stream, 0, 100))
    expect(versions(await replica.eventsOf(stream, 1, 2))).toEqual([2, 3])
    expect(await replica.eventsOf(stream, 5, 10)).toEqual([])
    expect(replica.reads.primary).toBe(before)
    expect(replica.problem).toBeNull()
  })

  it('that is behind never hides what was acknowledged; what it has of it, it says', async () => {
    const stream = newId()
    await store.append([append(stream, 3)])
    const replica = replicaOf()
    await untilCopied(replica, stream)
    await onStandby('select pg_wal_replay_pause()')
    try {
      await store.append([append(stream, 2, { expected: { version: 3 } })])
      const { replica: before } = replica.reads
      expect(versions(await replica.eventsOf(stream, 0, 100))).toEqual([1, 2, 3, 4, 5])
      expect(versions(await replica.eventsOf(stream, 3, 100))).toEqual([4, 5])
      expect(replica.problem).toBe('it is behind')
      expect(replica.reads.replica).toBe(before)
      // Nothing was taken back, so a full page is as good as ever.
      expect(versions(await replica.eventsOf(stream, 0, 3))).toEqual([1, 2, 3])
      expect(replica.reads.replica).toBe(before + 1)

      // A primary that knows no better proves nothing: this is how it would be if nobody asked it.
      const credulous = replicaOf(copy, { ...store, versions: async () => new Map() })
      expect(versions(await credulous.eventsOf(stream, 0, 100))).toEqual([1, 2, 3])
    } finally {
      await onStandby('select pg_wal_replay_resume()')
    }
    const again = replicaOf()
    await untilCopied(again, stream)
    expect(versions(await again.eventsOf(stream, 0, 100))).toEqual([1, 2, 3, 4, 5])
  })

  it('that is behind never shows what was taken back', async () => {
    const stream = newId()
    await store.append([append(stream, 3)])
    const replica = replicaOf()
    await untilCopied(replica, stream)
    await onStandby('select pg_wal_replay_pause()')
    try {
      const redactions = [{ version: 2, data: { told: 'otherwise' } }]
      await store.append([append(stream, 1, { expected: { version: 3 }, redactions })])
      const told = async (by: Replica) => (await by.eventsOf(stream, 1, 1))[0]!.data
      const { replica: before } = replica.reads
      expect(await told(replica)).toEqual({ told: 'otherwise' })
      expect(replica.reads.replica).toBe(before)

      // A primary that only knows versions proves nothing.
      const versions: Store['versions'] = async (streams) => {
        const known = await store.versions(streams)
        return new Map([...known].map(([id, version]) => [id, { ...version, redactions: 0 }]))
      }
      expect(await told(replicaOf(copy, { ...store, versions }))).not.toEqual({ told: 'otherwise' })
    } finally {
      await onStandby('select pg_wal_replay_resume()')
    }
    const again = replicaOf()
    await untilCopied(again, stream)
    expect((await again.eventsOf(stream, 1, 1))[0]!.data).toEqual({ told: 'otherwise' })
  })

  it('of another epoch is not believed', async () => {
    const stream = newId()
    await store.append([append(stream, 2)])
    await untilCopied(replicaOf(), stream)
    const restored = replicaOf(copy, { ...store, epoch: newId() })
    expect(versions(await restored.eventsOf(stream, 0, 2))).toEqual([1, 2])
    expect(restored.reads).toEqual({ replica: 0, primary: 1 })
  })

  it('that is not there, or becomes so, costs nobody an answer', async () => {
    const stream = newId()
    await store.append([append(stream, 4)])
    const nowhere = replicaOf({ ...copy, host: '127.0.0.1', port: 1 })
    expect(versions(await nowhere.eventsOf(stream, 0, 100))).toEqual([1, 2, 3, 4])
    expect(nowhere.problem).toMatch(/cannot be reached/)

    const replica = replicaOf()
    await untilCopied(replica, stream)
    await standby.stop()
    const startedAt = performance.now()
    for (let round = 0; round < 20; round++)
      expect(versions(await replica.eventsOf(stream, 0, 100))).toEqual([1, 2, 3, 4])
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect(replica.problem).not.toBeNull()
  })
})
