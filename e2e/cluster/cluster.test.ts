import { expect, it } from 'vitest'
import { firstAccount } from '../support/accounts.ts'
import { call, must, tournamentWith } from '../support/client.ts'
import { registerOrganization } from '../support/organizations.ts'
import { startCluster } from './cluster.ts'

const startMs = 120_000

it('is one Matchday, whichever process one asks, and grows and shrinks', { timeout: startMs }, async () => {
  await using cluster = await startCluster({ gateways: 2, instances: 2, balancer: true })
  const { id } = await tournamentWith(cluster.url, 3)
  for (const gateway of cluster.gateways) {
    const { body } = await must(`http://127.0.0.1:${gateway.port}`, 'getTournament', { path: { id } })
    expect(body.players).toHaveLength(3)
  }
  const added = await cluster.add('gateway')
  expect(added.name).toBe('gateway-3')
  const states = async () => (await cluster.balancer?.places())?.slice(0, 4).map(({ state }) => state)
  expect(await states()).toEqual(['up', 'up', 'up', 'off'])
  expect((await cluster.remove('gateway')).name).toBe('gateway-3')
  expect(await states()).toEqual(['up', 'up', 'off', 'off'])
  await must(cluster.url, 'getTournament', { path: { id } })
})

it('is one Matchday with accounts and organisations as well', { timeout: startMs }, async () => {
  const environment = { MATCHDAY_PLAIN_HTTP_ACCOUNTS: 'allowed', MATCHDAY_REGISTRATION: 'closed' }
  await using cluster = await startCluster({ people: 2, permissions: true, environment })
  const { url, members } = cluster
  const identity = members.filter(({ role }) => role === 'identity')
  const printed = () => identity.map((member) => member.log()).join('')
  await expect.poll(printed, { timeout: 20_000 }).toContain('/setup#')
  const { accessToken: token } = await firstAccount(url, printed())
  // Gateways hear of the first key a moment later.
  await expect
    .poll(async () => (await call(url, 'listMyOrganizations', { token })).status, { timeout: 20_000 })
    .toBe(200)
  const organizationId = await registerOrganization(url, token)
  const body = { name: 'Cup of the club', limit: 2, organizationId }
  const { id } = (await must(url, 'createTournament', { token, body })).body
  await must(url, 'setJoining', { path: { id }, token, body: { open: false } })
  // Any of them will do.
  for (const role of ['identity', 'organizations'] as const)
    members.find((member) => member.role === role)?.kill()
  await must(url, 'getStaffProfile', { token })
  await must(url, 'getOrganization', { path: { organizationId }, token })
})

it('runs on three brokers that replicate, and on a database that was stopped at once', {
  timeout: startMs,
}, async () => {
  await using cluster = await startCluster({ natsNodes: 3 })
  const { nats, postgres, url } = cluster
  if (!('servers' in nats)) throw new Error('not three')
  const { id } = await tournamentWith(url, 1)
  const leader = await nats.streamLeader('CMD_TOURNAMENTS')
  expect(leader).toBeDefined()
  await leader?.kill()
  await postgres.stopImmediately()
  expect(postgres.processId).toBe(0)
  await postgres.start()
  const playersOf = async () => {
    const { status, body } = await call(url, 'getTournament', { path: { id } })
    return status === 200 ? body.players.length : status
  }
  await expect.poll(playersOf, { timeout: 30_000 }).toBe(1)
})
