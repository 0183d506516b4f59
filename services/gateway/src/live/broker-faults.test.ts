import { createNatsBus, type EventMessage, type NatsBus } from '@matchday/kernel'
import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  FakeService,
  type OfficialClient,
  officialClient,
  type Running,
  startEdge,
} from './testing/edge-fixture.ts'

/** Two gateways and a service, each with its own connection to a real broker, which fails. */
const eventCount = 200
const clientsPerEdge = 10

let server: NatsServer
let buses: NatsBus[]
let service: FakeService
let id: string
let edges: Running[]
let clients: OfficialClient[]

beforeAll(async () => {
  server = await startNatsServer()
})
afterAll(() => server.dispose())

beforeEach(async () => {
  const { url } = server
  const owner = createNatsBus({ servers: [url], role: 'tournaments', owns: ['tournaments'] })
  const gateways = [1, 2].map(() => createNatsBus({ servers: [url], role: 'gateway', owns: [] }))
  buses = [owner, ...gateways]
  await vi.waitUntil(() => buses.every((bus) => bus.state === 'up'), { timeout: 10_000 })
  service = new FakeService(owner)
  id = service.create()
  edges = await Promise.all(gateways.map((bus) => startEdge(service, { bus })))
  clients = edges.flatMap((edge) =>
    Array.from({ length: clientsPerEdge }, () => {
      const official = officialClient(edge.url)
      official.client.connect()
      official.subscribe(`tournament:${id}`)
      return official
    }),
  )
  const isThere = (official: OfficialClient) =>
    official.seen.until((items) => items.some(({ what }) => what === 'subscribed'))
  await Promise.all(clients.map(isThere))
})
afterEach(async () => {
  for (const { client } of clients) client.disconnect()
  await Promise.all(edges.map((edge) => edge.stop()))
  await Promise.all(buses.map((bus) => bus.close()))
})

/** As a relay does: in order, again until the bus holds it. */
async function publishAll(events: readonly EventMessage[]): Promise<number> {
  let failures = 0
  for (let at = 0; at < events.length; at += 5) {
    const batch = events.slice(at, at + 5)
    for (;;) {
      try {
        await buses[0]!.publishEvents(batch)
        break
      } catch {
        failures++
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }
  return failures
}

describe('live updates over a broker', () => {
  it.each([
    ['is killed', async () => server.kill()],
    [
      'is killed and loses its store',
      async () => {
        await server.kill()
        await server.wipeStore()
      },
    ],
  ])('that %s reach every socket once, in order', async (_name, fail) => {
    const commits = Array.from({ length: eventCount }, () => service.commit(id))
    const half = eventCount / 2
    await publishAll(commits.slice(0, half))
    const processId = server.pid
    await fail()
    const rest = publishAll(commits.slice(half))
    await vi.waitUntil(() => buses.every((bus) => bus.state === 'down'), { timeout: 10_000 })
    await server.start()
    // The fault was one: another process, and publishing failed meanwhile.
    expect(server.pid).not.toBe(processId)
    expect(await rest).toBeGreaterThan(0)
    const last = eventCount + 1
    await Promise.all(clients.map((client) => client.seen.until(() => client.versions().at(-1) === last)))
    for (const client of clients) {
      expect(client.versions()).toEqual(Array.from({ length: eventCount }, (_, index) => index + 2))
    }
  })

  it('are listened to by a gateway only for the channels that its sockets want', async () => {
    const heard: string[] = []
    const subscriptions = vi.spyOn(buses[1]!, 'subscribeEvents')
    const other = service.create()
    const [edge] = edges
    const official = officialClient(edge!.url)
    clients.push(official)
    official.client.connect()
    official.subscribe(`tournament:${other}`)
    await official.seen.until((items) => items.some(({ what }) => what === 'subscribed'))
    for (const [topic] of subscriptions.mock.calls) heard.push(String(topic.stream))
    expect(heard).toEqual([other])
    // An answer to this very connection: by then the broker knows what it listens to.
    await buses[1]!.deadLetters({ service: 'tournaments', lane: 'commands' }, 1)
    await publishAll([service.commit(other)])
    await official.seen.until(() => official.versions().length === 1)
    expect(clients[0]?.versions()).toEqual([])
  })
})
