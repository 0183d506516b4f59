import { newId } from '@matchday/contracts'
import { pauseProcess } from '@matchday/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { append } from '../store/testing/append.ts'
import { openTestStore, type TestStore } from '../store/testing/open-test-store.ts'
import { relayLimits } from './relay.ts'
import { type RelayProcess, startRelayProcess } from './testing/relay-processes.ts'

/** On a real database, with relays in processes of their own that are killed, paused and stopped. */
/** The promise is two seconds, on a machine that is free for it. */
const handOverMsMax = 3_000
const patience = { timeout: 15_000, interval: 10 }

let test: TestStore
let processes: RelayProcess[]
let writing: { stop(): Promise<readonly string[]> } | undefined
beforeEach(async () => {
  test = await openTestStore()
  processes = []
})
afterEach(async () => {
  await writing?.stop()
  writing = undefined
  await Promise.all(processes.map((each) => each.kill()))
  await test[Symbol.asyncDispose]()
})

async function start(mode?: Parameters<typeof startRelayProcess>[1]): Promise<RelayProcess> {
  const started = await startRelayProcess(test.database, mode)
  processes.push(started)
  return started
}

/** Commits one event after the other until it is stopped. */
function write(): { readonly streams: string[]; stop(): Promise<readonly string[]> } {
  const streams: string[] = []
  let isStopped = false
  const done = (async () => {
    while (!isStopped) {
      const stream = newId()
      await test.store.append([append(stream, 1)])
      streams.push(stream)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  const stop = async () => {
    isStopped = true
    await done
    return streams
  }
  writing = { stop }
  return { streams, stop }
}

const leaderOf = (all: readonly RelayProcess[]) => all.find((each) => each.ledAtMs.length > 0)
const all = () => processes.flatMap((each) => each.published.map(({ stream }) => stream))

async function twoRelays(mode?: 'lease' | 'no-expiry') {
  const pair = [await start(mode), await start(mode)]
  await vi.waitUntil(() => leaderOf(pair), patience)
  const leader = leaderOf(pair)!
  const standby = pair.find((each) => each !== leader)!
  const { streams, stop } = write()
  await untilSteady(leader, streams)
  return { leader, standby, streams, stop }
}

/**
 * For longer than a checkpoint waits, it has been close behind the commits. Open transactions of other tests hold back
 * what can be read; what is published in one go after that would be published again as a whole.
 */
async function untilSteady({ published }: RelayProcess, streams: readonly string[]): Promise<void> {
  let since = performance.now()
  const isSteady = () => {
    if (published.length < 20 || published.length < streams.length - 20) since = performance.now()
    return performance.now() - since > 2 * relayLimits.checkpointMs
  }
  await vi.waitUntil(isSteady, patience)
}

/**
 * All that was committed is published, and hardly anything twice. Where the machine stands still for longer than the
 * lease there are more turns than were meant, and each may begin with a batch that was published before.
 */
async function expectAll(streams: readonly string[], turnsMeant: number, repeatedMax: number): Promise<void> {
  await vi.waitUntil(() => new Set(all()).size >= streams.length, patience)
  expect(new Set(all())).toEqual(new Set(streams))
  const turns = processes.reduce((sum, { ledAtMs }) => sum + ledAtMs.length, 0)
  const more = (turns - turnsMeant) * relayLimits.batchSizeMax
  expect(all().length - streams.length).toBeLessThanOrEqual(repeatedMax + more)
}

describe('relays in several processes', () => {
  it('publish nothing twice while all goes well', async () => {
    const { standby, stop } = await twoRelays()
    await vi.waitUntil(() => all().length > 100, patience)
    await expectAll(await stop(), 1, 0)
    if (standby.ledAtMs.length === 0) expect(standby.published).toEqual([])
  })

  it('publish everything twice without a lease', async () => {
    await start('no-lease')
    await start('no-lease')
    const { stop } = write()
    await vi.waitUntil(() => new Set(all()).size > 50, patience)
    const streams = await stop()
    await vi.waitUntil(() => all().length === 2 * streams.length, patience)
  })

  it('go on within a moment when the leader is killed', async () => {
    const { leader, standby, stop } = await twoRelays()
    const killedAtMs = performance.now()
    await leader.kill()
    expect(leader.child.signalCode).toBe('SIGKILL')
    await vi.waitUntil(() => standby.published.length > 0, patience)
    expect(standby.ledAtMs[0]! - killedAtMs).toBeLessThan(handOverMsMax)
    // What was published since the last checkpoint, 250 ms at 5 ms or so each, comes again.
    await expectAll(await stop(), 2, 100)
  })

  it('go on within a moment when the leader is paused, and it is silent when it comes back', async () => {
    const { leader, standby, streams, stop } = await twoRelays()
    const pausedAtMs = performance.now()
    await pauseProcess(leader.child.pid!)
    await vi.waitUntil(() => standby.published.length > 0, patience)
    expect(standby.ledAtMs[0]! - pausedAtMs).toBeLessThan(handOverMsMax)
    await vi.waitUntil(() => performance.now() - pausedAtMs > 3_000, patience)
    const publishedBefore = leader.published.length
    leader.child.kill('SIGCONT')
    const committedBefore = streams.length
    await vi.waitUntil(() => streams.length > committedBefore + 100, patience)
    expect(await leader.stateLetter()).not.toBe('T')
    // What was on its way through the pipe when it was paused may still come; nothing that it read afterwards.
    const late = leader.published.slice(publishedBefore).map(({ stream }) => streams.indexOf(stream))
    const pausedAt = streams.indexOf(standby.published[0]!.stream)
    expect(late.filter((index) => index > pausedAt + 60)).toEqual([])
    await expectAll(await stop(), 2, 150)
  })

  it('hand over at once when the leader is stopped, without a repetition', async () => {
    // Whoever kept the lease would keep it for an hour.
    const { leader, standby, stop } = await twoRelays('no-expiry')
    await leader.end()
    await vi.waitUntil(() => standby.published.length > 0, patience)
    await expectAll(await stop(), 2, 0)
  })

  it('would be stuck with a lease that never expires', async () => {
    const { leader, standby } = await twoRelays('no-expiry')
    await leader.kill()
    await new Promise((resolve) => setTimeout(resolve, handOverMsMax))
    expect(standby.published).toEqual([])
  })
})
