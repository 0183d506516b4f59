import { type NatsServer, pauseProcess, startNatsServer } from '@matchday/testkit'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createNatsBus, type NatsBus } from '../bus/nats/nats-bus.ts'
import { deleteStreams, untilState } from '../bus/nats/testing/broker-lab.ts'
import { poolTarget } from '../store/database.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import { FollowedService } from './testing/followed-service.ts'
import {
  type FollowerMode,
  type FollowerProcess,
  startFollowerProcess,
} from './testing/follower-processes.ts'
import { notedIn } from './testing/reacting-instance.ts'

/** On a real database and a real broker, with followers in processes of their own that are killed and paused. */
const handOverMsMax = 2_500
const patience = { timeout: 25_000, interval: 20 }

let server: NatsServer
let bus: NatsBus
let followed: FollowedService
let own: TestStore
let processes: FollowerProcess[]
let writing: { stop(): Promise<void> } | undefined
beforeAll(async () => {
  server = await startNatsServer()
})
afterAll(() => server.dispose())
beforeEach(async () => {
  bus = createNatsBus({ servers: [server.url], role: 'followed', owns: [FollowedService.serviceName] })
  await untilState(bus, 'up')
  followed = await FollowedService.start(bus)
  own = await openTestStore()
  processes = []
})
afterEach(async () => {
  await writing?.stop()
  writing = undefined
  await Promise.all(processes.map((each) => each.kill()))
  await followed.stop()
  await own[Symbol.asyncDispose]()
  await bus.close()
  await deleteStreams(server)
})

async function start(mode?: FollowerMode): Promise<FollowerProcess> {
  const started = await startFollowerProcess(own.database, server.url, mode)
  processes.push(started)
  return started
}

/** Commits one event after the other until it is stopped. */
function write(): { stop(): Promise<void> } {
  let isStopped = false
  const done = (async () => {
    while (!isStopped) {
      await followed.write(1)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  writing = {
    stop: async () => {
      isStopped = true
      await done
    },
  }
  return writing
}

async function twoFollowers(mode?: FollowerMode) {
  const pair = [await start(mode), await start(mode)]
  const { stop } = write()
  await vi.waitUntil(() => pair.some(({ reacted }) => reacted.length > 20), patience)
  const leader = pair.find(({ reacted }) => reacted.length > 20)!
  const standby = pair.find((each) => each !== leader)!
  expect(standby.reacted).toEqual([])
  return { leader, standby, stop }
}

async function seenRows(): Promise<readonly { stream: string; times: number }[]> {
  const client = new Client(poolTarget(own.database, 'public', {}))
  await client.connect()
  const { rows } = await client.query('select stream, times from seen order by place')
  await client.end()
  return rows
}

/** Everything has had its effect once and in order, in the view and by the reaction. */
async function expectAll(): Promise<void> {
  const log = await followed.log()
  await vi.waitUntil(async () => (await notedIn(own.store)).length >= log.length, patience)
  await vi.waitUntil(async () => (await seenRows()).length >= log.length, patience)
  expect(await notedIn(own.store)).toEqual(log)
  expect(await seenRows()).toEqual(log.map((stream) => ({ stream, times: 1 })))
}

describe('followers in several processes', () => {
  it('go on within a moment when the leader is killed, and skip and double nothing', async () => {
    const { leader, standby, stop } = await twoFollowers()
    const killedAtMs = performance.now()
    await leader.kill()
    expect(leader.child.signalCode).toBe('SIGKILL')
    await vi.waitUntil(() => standby.reacted.length > 20, patience)
    // Other tests hold back what can be read, and keep the machine busy.
    expect(standby.reacted[0]!.atMs - killedAtMs).toBeLessThan(2 * handOverMsMax)
    await stop()
    await expectAll()
  })

  it('go on when the leader is paused, and it does no harm when it comes back', async () => {
    const { leader, standby, stop } = await twoFollowers()
    await pauseProcess(leader.child.pid!)
    await vi.waitUntil(() => standby.reacted.length > 20, patience)
    const before = leader.reacted.length
    leader.child.kill('SIGCONT')
    const { length } = standby.reacted
    await vi.waitUntil(() => standby.reacted.length > length + 50, patience)
    await stop()
    await expectAll()
    // The event in its hands, and what was on its way through the pipe.
    expect(leader.reacted.length - before).toBeLessThan(5)
  })

  it('go on at once when the leader is stopped, and repeat nothing', async () => {
    const { leader, standby, stop } = await twoFollowers()
    await leader.end()
    await vi.waitUntil(() => standby.reacted.length > 20, patience)
    await stop()
    await expectAll()
    expect(leader.reacted.length + standby.reacted.length).toBe((await followed.log()).length)
  })

  it('would be stuck with a lease that never expires', async () => {
    const { leader, standby, stop } = await twoFollowers('no-expiry')
    await leader.kill()
    await new Promise((resolve) => setTimeout(resolve, handOverMsMax + 500))
    expect(standby.reacted).toEqual([])
    await stop()
    // Its view needs no lease.
    const { length } = await followed.log()
    await vi.waitUntil(async () => (await seenRows()).length === length, patience)
    expect((await notedIn(own.store)).length).toBeLessThan(length)
  })
})
