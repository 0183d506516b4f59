import { setTimeout as sleep } from 'node:timers/promises'
import type { NatsCluster, NatsServer } from '@matchday/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { underLoad, words } from './under-load.ts'

const startMs = 180_000
const runMs = 240_000
const stream = 'CMD_TOURNAMENTS'
const pollMs = 50
/** A new leader is elected 4 to 9 s after the old one is gone; what was under way is sent again after that. */
const outageMsMax = 20_000
const electedMs = 40_000
/** Longer than an election takes: without a majority nothing new is taken, however long one waits. */
const minorityMs = 12_000
/** What the majority had taken before it was lost is still handed out, and again when its ack wait is over. */
const leftOverMs = 5_000

let cluster: Cluster
let nats: NatsCluster

beforeAll(async () => {
  cluster = await startCluster({ venues: true, ...{ gateways: 1, instances: 2, natsNodes: 3 } })
  if (!('servers' in cluster.nats)) throw new Error('This is one server')
  nats = cluster.nats
}, startMs)
afterAll(() => cluster?.[Symbol.asyncDispose]())

/** A node that runs; one that is gone may still be named by others for a while. */
async function leader(besides: readonly NatsServer[] = []): Promise<NatsServer> {
  const until = performance.now() + electedMs
  for (;;) {
    const found = await nats.streamLeader(stream)
    if (found?.pid !== undefined && !besides.includes(found)) return found
    if (performance.now() > until) throw new Error(`${stream} has no leader`)
    await sleep(pollMs)
  }
}

describe('three nats-servers under load', () => {
  it(
    'whose leader is killed elect another one: clients wait for it, and then all is done',
    async () => {
      let electedAfterMs = 0
      const seen = await underLoad(cluster, async () => {
        const killed = await leader()
        const killedAt = performance.now()
        await killed.kill()
        const next = await leader([killed])
        electedAfterMs = Math.round(performance.now() - killedAt)
        expect(next).not.toBe(killed)
        expect(killed.pid).toBeUndefined()
      })
      const running = nats.servers.filter(({ pid }) => pid !== undefined)
      console.log(`leader killed: another after ${electedAfterMs} ms; ${words(seen)}`)
      // Two are enough.
      expect(running).toHaveLength(2)
      expect(seen.outageMs).toBeGreaterThan(1_000)
      expect(seen.outageMs).toBeLessThan(outageMsMax)
      expect(seen.closes).toEqual([])
    },
    runMs,
  )

  it(
    'of which only one is left do nothing until there is a majority again, and lose nothing',
    async () => {
      const running = nats.servers.filter(({ pid }) => pid !== undefined)
      const seen = await underLoad(cluster, async () => {
        await running[0]?.kill()
        await sleep(minorityMs)
        await Promise.all(nats.servers.map((server) => server.start()))
      })
      console.log(`no majority for ${minorityMs} ms: ${words(seen)}`)
      expect(seen.outageMs).toBeGreaterThan(minorityMs - leftOverMs)
      const { 503: unavailable = 0, 504: timedOut = 0 } = seen.figures.failures
      expect(unavailable + timedOut).toBeGreaterThan(0)
      expect(nats.servers.every(({ pid }) => pid !== undefined)).toBe(true)
    },
    runMs,
  )
})
