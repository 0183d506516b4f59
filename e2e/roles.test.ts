import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@matchday/contracts'
import { createNatsBus, type Envelope, type NatsBus } from '@matchday/kernel'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { firstAccount } from './support/accounts.ts'
import { call, must, pick, tournamentWith, wholeLog } from './support/client.ts'
import { liveClient } from './support/live.ts'
import { registerOrganization } from './support/organizations.ts'
import {
  type Role,
  readinessOf,
  Surroundings,
  untilAccountsAreKnown,
  untilReady,
} from './support/processes.ts'

const all = new Surroundings()
beforeAll(() => all.start())
afterEach(async () => {
  // Passwords of broker and database, in whatever state the processes are.
  expect(all.output()).not.toMatch(/canary/)
  await all.killAll()
})
afterAll(() => all.dispose())

/** A gateway and two instances of the service, on a database with tables. */
async function startAll(
  ofGateway: Record<string, string> = {},
): Promise<{ gateway: Role; services: Role[] }> {
  expect(await all.run(['migrate'])).toMatchObject({ code: 0 })
  const [gateway, ...services] = await Promise.all([
    all.launch('gateway', ofGateway),
    all.launch('tournaments'),
    all.launch('tournaments'),
  ])
  await untilReady(gateway, ...services)
  return { gateway, services }
}

/** From the QR code to the draw. */
async function play(url: string): Promise<string> {
  const made = await tournamentWith(url, 2, { limit: 2, teams: { preset: 'nations' } })
  expect(made.joinUrl).toMatch(/^https:\/\/cup\.example\/j\//)
  const { body } = await must(url, 'listTeams', { path: { id: made.id } })
  for (const [index, player] of made.players.entries())
    await pick(url, made.id, player, body.items[index]!.name, 'ab'.repeat(32))
  const { body: seen } = await must(url, 'getTournament', { path: { id: made.id } })
  await must(url, 'drawTeams', {
    path: { id: made.id },
    token: made.organizer,
    headers: { 'if-match': `"${seen.version}"` },
    body: {},
  })
  const { body: drawn } = await must(url, 'getTournament', { path: { id: made.id } })
  expect(drawn.status).toBe('drawn')
  return made.id
}

/** From the link of the first account, which its process printed, to a tournament of his organisation. */
async function runClub(gateway: Role, identity: Role): Promise<void> {
  const { url } = gateway
  const [printed] = await identity.printed(/https:\/\/cup\.example\/setup#\S+/)
  await untilAccountsAreKnown(gateway)
  const { accessToken: token } = await firstAccount(url, printed)
  const body = { name: 'Cup of the club', limit: 2, organizationId: await registerOrganization(url, token) }
  const { id } = (await must(url, 'createTournament', { token, body })).body
  await must(url, 'setJoining', { path: { id }, token, body: { open: false } })
}

/** Fewer than there are teams to pick. */
const seats = 48
const steps = ['broker', 'identity', 'tables', 'gateway', 'organizations', 'database', 'tournaments'] as const
/** Each thing comes at each place. */
const orders = steps.map((_, turn) => steps.map((__, place) => steps[(place + turn) % steps.length]!))

describe('processes that are started', () => {
  it.each(orders.map((order) => [order.join(', '), order] as const))(
    'in the order %s wait for each other, and then work',
    async (_, order) => {
      await all.broker.stop()
      await all.line.close()
      await all.freshDatabase()
      const roles: Role[] = []
      let migrated: ReturnType<typeof all.run> | undefined
      for (const step of order) {
        for (const role of roles) {
          expect((await fetch(`${role.url}/livez`)).status).toBe(200)
          expect(role.process.exitCode).toBeNull()
        }
        if (step === 'broker') await all.broker.start()
        else if (step === 'database') await all.line.open()
        else if (step === 'tables') migrated = all.run(['migrate'])
        else roles.push(await all.launch(step))
      }
      expect(await migrated).toMatchObject({ code: 0 })
      await untilReady(...roles)
      const role = (wanted: Role['name']) => roles.find(({ name }) => name === wanted)!
      await play(role('gateway').url)
      await runClub(role('gateway'), role('identity'))
      expect(await Promise.all(roles.map((one) => one.stop()))).toEqual([0, 0, 0, 0])
    },
    60_000,
  )

  it('say what they wait for, answer 503 meanwhile, and stop at once when they are told to', async () => {
    await all.broker.stop()
    await all.line.close()
    await all.freshDatabase()
    const [gateway, service] = await Promise.all([all.launch('gateway'), all.launch('tournaments')])
    const saying = async (role: Role, text: RegExp) => {
      for (;;) {
        const { ready, parts } = await readinessOf(role)
        expect(ready).toBe(false)
        if (parts.some(({ detail }) => text.test(detail ?? ''))) return
      }
    }
    await saying(gateway, /waiting for the broker/)
    const refused = await call(gateway.url, 'createTournament', { body: { name: 'Early', limit: 2 } })
    expect([refused.status, refused.problem.code]).toEqual([503, 'unavailable'])
    expect(refused.headers.get('retry-after')).not.toBeNull()

    await saying(service, /waiting for the database: .*cannot be reached/)
    await all.line.open()
    await saying(service, /waiting for the database: .*matchday migrate/)
    expect(await all.run(['migrate', '--check'])).toMatchObject({ code: 1 })
    expect(await all.run(['migrate'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('done: store-1'),
    })
    expect(await all.run(['migrate', '--check'])).toMatchObject({ code: 0 })
    await saying(service, /waiting for the broker/)
    const another = await all.launch('tournaments', {
      MATCHDAY_TOURNAMENTS_DATABASE_URL: 'postgres://canary:canary@127.0.0.1:1/x',
    })
    await saying(another, /waiting for the database/)

    const startedAt = performance.now()
    expect(await Promise.all([gateway, service, another].map((role) => role.stop()))).toEqual([0, 0, 0])
    expect(performance.now() - startedAt).toBeLessThan(8_000)
    expect(another.output()).not.toContain('canary')
    await all.broker.start()
  }, 60_000)
})

describe('many processes', () => {
  it('show everybody what any of them has decided', async () => {
    const { gateway } = await startAll()
    const other = await all.launch('gateway')
    await untilReady(other)
    const made = await tournamentWith(gateway.url, 0, { limit: 8 })
    const spectator = liveClient(other.url)
    await spectator.watch(made.id)
    await tournamentWith(gateway.url, 1)
    const joined = await must(gateway.url, 'joinTournament', {
      path: { id: made.id },
      body: { firstName: 'Ana', lastName: 'One' },
    })
    await spectator.told.until((told) => told.some((item) => item.what === 'publication'))
    expect(spectator.publications()[0]?.data).toMatchObject({ type: 'player-joined' })
    // A token that one process signed is good at a gateway that can't sign.
    const seat = { id: made.id, playerId: joined.body.playerId }
    expect((await must(other.url, 'getSeat', { path: seat, token: joined.body.playerToken })).status).toBe(
      200,
    )
    spectator.stop()
  }, 60_000)

  it('end one by one at SIGTERM without a request that fails', async () => {
    const { gateway, services } = await startAll({ MATCHDAY_TRUSTED_PROXIES: '1' })
    const logs = new Map<string, number>()
    let isOver = false
    let longestMs = 0
    const fillTournaments = async () => {
      while (!isOver) {
        const { id } = await tournamentWith(gateway.url, 0, { limit: seats })
        // A venue each: more join here than one address may.
        const headers = { 'x-forwarded-for': id }
        let joined = 0
        while (joined < seats && !isOver) {
          const body = { firstName: 'Nr', lastName: `${joined++}` }
          const askedAt = performance.now()
          await must(gateway.url, 'joinTournament', { path: { id }, body, headers })
          longestMs = Math.max(longestMs, performance.now() - askedAt)
        }
        logs.set(id, 1 + joined)
      }
    }
    const filling = Promise.all([fillTournaments(), fillTournaments(), fillTournaments()])
    const replacement = await all.launch('tournaments')
    await untilReady(replacement)
    for (const service of services) {
      const startedAt = performance.now()
      expect(await service.stop()).toBe(0)
      expect(performance.now() - startedAt).toBeLessThan(10_000)
    }
    isOver = true
    await filling
    for (const [id, events] of logs) expect(await wholeLog(gateway.url, id)).toHaveLength(events)
    const joins = [...logs.values()].reduce((sum, events) => sum + events - 1, 0)
    console.log(
      `${joins} joined while both instances were replaced, the slowest in ${Math.round(longestMs)} ms`,
    )
    expect(longestMs).toBeLessThan(2_500)

    const spectator = liveClient(gateway.url, { minReconnectDelay: 60_000, maxReconnectDelay: 60_000 })
    await spectator.watch([...logs.keys()][0] ?? '')
    expect(await gateway.stop()).toBe(0)
    expect(spectator.closes.items).toEqual([3001])
    spectator.stop()
    expect(await replacement.stop()).toBe(0)
  }, 60_000)

  it('go on serving for a while after SIGTERM, when balancers are slow to notice', async () => {
    expect(await all.run(['migrate'])).toMatchObject({ code: 0 })
    const slow = { MATCHDAY_DRAIN_DELAY: '3000' }
    const [gateway, service] = await Promise.all([all.launch('gateway', slow), all.launch('tournaments')])
    await untilReady(gateway, service)
    const startedAt = performance.now()
    const ended = gateway.stop()
    while ((await readinessOf(gateway)).ready) expect(performance.now() - startedAt).toBeLessThan(1_000)
    await play(gateway.url)
    expect(await ended).toBe(0)
    expect(performance.now() - startedAt).toBeGreaterThan(3_000)
  }, 60_000)

  it('tell figures, each its own, and never on the public port', async () => {
    expect(await all.run(['migrate'])).toMatchObject({ code: 0 })
    const metricsPort = { MATCHDAY_METRICS_PORT: '0' }
    const [gateway, service] = await Promise.all([
      all.launch('gateway', metricsPort),
      all.launch('tournaments'),
    ])
    await untilReady(gateway, service)
    await play(gateway.url)
    const [, metrics] = await gateway.printed(/metrics listens on (\S+)/)
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404)
    expect((await fetch(`${metrics}/livez`)).status).toBe(200)
    const figures = await (await fetch(`${metrics}/metrics`)).text()
    expect(figures).toMatch(/matchday_requests_total\{operation="pickTeam",outcome="ok"\} 2/)
    const ofService = await (await fetch(`${service.url}/metrics`)).text()
    expect(ofService).toMatch(/matchday_commit_streams_count\{service="tournaments"\} [1-9]/)
    // Whoever was killed before holds the lease a little longer.
    await expect
      .poll(async () => (await fetch(`${service.url}/metrics`)).text(), { timeout: 5_000 })
      .toMatch(/matchday_relay_lease_held\{service="tournaments"\} 1/)
  }, 60_000)

  it('need no replica, and say that they do without', async () => {
    expect(await all.run(['migrate'])).toMatchObject({ code: 0 })
    const nowhere = { MATCHDAY_TOURNAMENTS_REPLICA_URL: 'postgres://canary:canary@127.0.0.1:1/x' }
    const [gateway, service] = await Promise.all([all.launch('gateway'), all.launch('tournaments', nowhere)])
    await untilReady(gateway, service)
    const made = await tournamentWith(gateway.url, 3)
    expect(await wholeLog(gateway.url, made.id)).toHaveLength(4)
    const { ready, parts } = await readinessOf(service)
    expect(ready).toBe(true)
    expect(parts.find(({ name }) => name === 'tournaments replica')?.detail).toMatch(/not used: /)
  }, 60_000)

  it('are not let in by the broker with another password, and say so', async () => {
    const wrong = `nats://gateway:canary-wrong@127.0.0.1:${all.broker.port}`
    const gateway = await all.launch('gateway', { MATCHDAY_NATS_URL: wrong })
    await gateway.printed(/authori[sz]ation/i)
    const { ready, parts } = await readinessOf(gateway)
    expect(ready).toBe(false)
    expect(parts.find(({ name }) => name === 'bus')?.detail).toMatch(
      /waiting for the broker.*authori[sz]ation/i,
    )
    expect(await gateway.stop()).toBe(0)
  })
})

describe('dead letters', () => {
  let bus: NatsBus
  beforeAll(() => {
    const { username: user, password, host } = new URL(all.brokerUrl('operator'))
    const credentials = { user, password }
    bus = createNatsBus({ servers: [`nats://${host}`], role: 'operator', owns: [], credentials })
  })
  afterAll(() => bus.close())

  it('are listed, shown and done again from the command line', async () => {
    await startAll()
    const id = newId()
    const broken: unknown = { schema: 99, id, replyTo: null, items: [] }
    await bus.enqueue({ service: 'tournaments', lane: 'commands' }, broken as Envelope)
    const listed = async (): Promise<string> => {
      const { output } = await all.run(['dead-letters', 'list', '--service', 'tournaments'])
      return output.includes(id) ? output : listed()
    }
    expect(await listed()).toMatch(
      new RegExp(`ID +SINCE +QUEUE .*\\n${id} .* tournaments/commands .*malformed`),
    )
    const json = await all.run(['dead-letters', 'list', '--json', '--lane', 'commands'])
    expect(JSON.parse(json.output)).toMatchObject([{ envelope: { id }, reason: expect.any(String) }])
    const shown = await all.run(['dead-letters', 'show', id])
    expect(JSON.parse(shown.output)).toMatchObject({ envelope: { id, schema: 99 } })
    const replayed = await all.run(['dead-letters', 'replay', id])
    expect(replayed).toMatchObject({ code: 0, output: '1 put back on its queue.\n' })
    const none = await all.run(['dead-letters', 'show', newId()])
    expect(none).toMatchObject({ code: 1, error: expect.stringContaining('no dead letter') })
    const queries = await all.run(['dead-letters', 'list', '--lane', 'queries'])
    expect(queries.output).toBe('There are no dead letters.\n')
  }, 60_000)

  it('of what is private hold no more than ids, are not done again, and can be dismissed', async () => {
    await startAll()
    const { username: user, password, host } = new URL(all.brokerUrl('tournaments'))
    const credentials = { user, password }
    // Operators put nothing into this lane.
    const service = createNatsBus({ servers: [`nats://${host}`], role: 'tournaments', owns: [], credentials })
    while (service.state === 'down') await sleep(20)
    const id = newId()
    const secret: unknown = { schema: 99, id, replyTo: null, items: [{ id: newId(), password: 'canary' }] }
    await service.enqueue({ service: 'tournaments', lane: 'private' }, secret as Envelope)
    await service.close()
    const listed = async (): Promise<string> => {
      const { output } = await all.run(['dead-letters', 'list', '--lane', 'private'])
      return output.includes(id) ? output : listed()
    }
    expect(await listed()).toMatch(new RegExp(`${id} .* tournaments/private .*malformed.* withheld`))
    const shown = await all.run(['dead-letters', 'show', id])
    expect(JSON.parse(shown.output)).toMatchObject({ envelope: { id }, withheld: true })
    expect(shown.output).not.toContain('canary')
    const replayed = await all.run(['dead-letters', 'replay', id])
    expect(replayed).toMatchObject({ code: 1, error: expect.stringContaining('was not kept') })
    const others = await all.run(['dead-letters', 'replay', '--all', '--lane', 'private'])
    expect(others).toMatchObject({ code: 0, output: expect.stringContaining('1 withheld') })
    const dismissed = await all.run(['dead-letters', 'dismiss', id])
    expect(dismissed).toMatchObject({ code: 0, output: '1 dismissed.\n' })
    const left = await all.run(['dead-letters', 'list', '--lane', 'private'])
    expect(left.output).toBe('There are no dead letters.\n')
    const gone = await all.run(['dead-letters', 'dismiss', id])
    expect(gone).toMatchObject({ code: 1, error: expect.stringContaining('no dead letter') })
  }, 60_000)

  it.each([
    ['no action', ['dead-letters'], 2, /list, show/],
    ['another service', ['dead-letters', 'list', '--service', 'cooks'], 2, /--service: one of tournaments/],
    ['another lane', ['dead-letters', 'list', '--lane', 'fast'], 2, /--lane: one of commands/],
    ['no id', ['dead-letters', 'show'], 2, /Which one/],
    ['a broker that is not there', ['dead-letters', 'list', '--nats-url', 'nats://127.0.0.1:1'], 1, /broker/],
    ['no broker', ['dead-letters', 'list', '--nats-url', ''], 2, /value is missing/],
  ])('say what is wrong: %s', async (_, words, code, message) => {
    const refused = await all.run(words)
    expect(refused.code).toBe(code)
    expect(refused.error).toMatch(message)
    expect(refused.error).not.toMatch(/\n {4}at /)
  })
})
