import { expect, it } from 'vitest'
import { must, tournamentWith } from '../support/client.ts'
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
