import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createTestDatabase } from '@matchday/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { breakerLimits, createBreaker } from '../resilience/breaker.ts'
import { type Connections, databaseLimits, openConnections } from './database.ts'
import { checkStore } from './postgres-store.ts'

const one = { text: 'select 1 as one' }

/** In front of a database: while it is shut, connections are taken and nothing is ever answered. */
async function startGate(target: { host: string; port: number }) {
  let isOpen = false
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    if (!isOpen) return
    const { host, port } = target
    const inner = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    keep(inner)
    client.pipe(inner).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // Listens on an address, so it has one.
    port: (server.address() as AddressInfo).port,
    open: () => {
      isOpen = true
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(failuresMax: number) {
  const test = await createTestDatabase()
  closing.push(async () => test.drop())
  const { host, port, user, password, database } = test.database
  const gate = await startGate({ host, port })
  closing.push(gate.close)
  const breaker = createBreaker({ name: 'tests database', limits: { failuresMax } })
  const connections: Connections = openConnections(
    { host: '127.0.0.1', port: gate.port, user, password, database },
    { schema: 'public', connectionsMax: 10, log: silentLog, breaker },
  )
  closing.push(connections.close)
  const fails = async () => {
    const startedAt = performance.now()
    await expect(connections.query(one, [])).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    return performance.now() - startedAt
  }
  return {
    gate,
    breaker,
    connections,
    fails,
    place: { host: '127.0.0.1', port: gate.port, user, password, database },
  }
}

describe('a database that does not answer', () => {
  it('is not waited for by everybody, and used again when it is there again', async () => {
    const { gate, breaker, connections, fails } = await start(breakerLimits.failuresMax)
    const waits = await Promise.all(Array.from({ length: breakerLimits.failuresMax }, fails))
    expect(Math.min(...waits)).toBeGreaterThan(databaseLimits.connectTimeoutMs - 100)
    const refusals = await Promise.all(Array.from({ length: 100 }, fails))
    expect(Math.max(...refusals)).toBeLessThan(databaseLimits.connectTimeoutMs / 2)
    expect(breaker.state).toBe('open')
    gate.open()
    const answered = async () => {
      const rows = await connections.query<{ one: number }>(one, [])
      expect(rows).toEqual([{ one: 1 }])
    }
    await expect
      .poll(
        () =>
          answered().then(
            () => 'answered',
            () => 'refused',
          ),
        { timeout: 5_000 },
      )
      .toBe('answered')
    expect(breaker.state).toBe('closed')
  })

  it('is no reason to end a process that looks after its tables', async () => {
    const { place } = await start(breakerLimits.failuresMax)
    await expect(checkStore({ database: place, schema: 'public' })).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    })
  })

  it('is waited for by everybody where nothing breaks the circuit', async () => {
    const { fails } = await start(Number.POSITIVE_INFINITY)
    await Promise.all(Array.from({ length: breakerLimits.failuresMax }, fails))
    expect(await fails()).toBeGreaterThan(databaseLimits.connectTimeoutMs - 100)
  })
})
