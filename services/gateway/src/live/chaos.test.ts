import { setImmediate as turn } from 'node:timers/promises'
import type { Subscription } from 'centrifuge'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LiveChannel } from './channel.ts'
import {
  FakeService,
  type OfficialClient,
  officialClient,
  type Running,
  startEdge,
} from './testing/edge-fixture.ts'

/** What may happen to a tournament, its bus and its audience, in any order. */
type Action =
  | { do: 'publish' | 'lose' | 'repeat'; count: number }
  | { do: 'cut' | 'resubscribe'; client: number }
  | { do: 'restore' | 'hold' | 'release' | 'turn' | 'settle' }

const clientCount = 4
const small = fc.integer({ min: 1, max: 6 })
const anyClient = fc.integer({ min: 0, max: clientCount - 1 })
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), count: small }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('turn' as const, 'settle' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('cut' as const), client: anyClient }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resubscribe' as const), client: anyClient }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('lose' as const, 'repeat' as const), count: small }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restore' as const, 'hold' as const) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'release' as const }) },
)

/** A client's picture of the tournament, built only from what it is told; notes everything that may not happen. */
class Picture {
  names: unknown[] = []
  version = 0
  epoch = ''
  readonly wrong: string[] = []
  #seen = 0

  /** Takes in what the client has seen since the last look. */
  look(official: OfficialClient): void {
    for (const seen of official.seen.items.slice(this.#seen)) {
      if (seen.what === 'subscribed' && !seen.recovered) {
        this.names = [...(seen.data as { names: unknown[] }).names]
        this.version = seen.offset
        this.epoch = seen.epoch
      } else if (seen.what === 'subscribed') {
        if (seen.offset !== this.version || seen.epoch !== this.epoch) {
          this.wrong.push(`recovered from ${seen.offset} while at ${this.version}`)
        }
      } else if (seen.what === 'publication' && seen.offset !== undefined) {
        if (seen.offset !== this.version + 1) this.wrong.push(`${seen.offset} after ${this.version}`)
        this.version = seen.offset
        this.names.push(seen.data.name)
      }
    }
    this.#seen = official.seen.items.length
  }
}

type Tally = { publications: number; recoveries: number; snapshots: number; resyncs: number }

let running: Running | undefined
const clients: OfficialClient[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const { client } of clients.splice(0)) client.disconnect()
  await running?.stop()
  running = undefined
})

/** Plays the actions; resolves when every picture equals the tournament, rejects when one never does. */
async function play(actions: readonly Action[], patienceMs: number, settleMs = 30): Promise<Tally> {
  const service = new FakeService()
  const id = service.create()
  running = await startEdge(service, { limits: { ringPublicationsMax: 12, snapshotTailMax: 4 } })
  const pictures = Array.from({ length: clientCount }, () => new Picture())
  const hasty = { minReconnectDelay: 1, maxReconnectDelay: 4 }
  const audience = pictures.map(() => officialClient(running?.url ?? '', hasty))
  clients.push(...audience)
  const subscriptions = audience.map((official) => {
    official.client.connect()
    return official.subscribe(`tournament:${id}`)
  })
  let release = () => {}
  let recent = [service.publish(id)]
  let epoch = 1
  for (const step of actions) {
    if (step.do === 'publish' || step.do === 'lose') {
      const events = Array.from({ length: step.count }, () => service.commit(id))
      if (step.do === 'publish') service.deliver(...events)
      recent = [...recent, ...events].slice(-8)
    } else if (step.do === 'repeat') service.deliver(...recent.slice(-step.count))
    else if (step.do === 'cut') audience[step.client]?.cut()
    else if (step.do === 'resubscribe') {
      subscriptions[step.client]?.unsubscribe()
      subscriptions[step.client]?.subscribe()
    } else if (step.do === 'restore') {
      const world = service.world(id)
      const kept = Math.ceil(world.version / 2)
      Object.assign(world, { epoch: `e${++epoch}`, version: kept, names: world.names.slice(0, kept) })
      recent = [service.publish(id)]
    } else if (step.do === 'hold') {
      const [earlier, open] = [release, service.shut()]
      release = () => {
        earlier()
        open()
      }
    } else if (step.do === 'release') release()
    else if (step.do === 'turn') await turn()
    else await settle(subscriptions, settleMs)
  }
  release()
  // Whatever was lost is noticed at the latest with the next event.
  service.publish(id)
  const world = service.world(id)
  const isRight = (official: OfficialClient, picture: Picture) => {
    picture.look(official)
    const isSame = JSON.stringify(picture.names) === JSON.stringify(world.names)
    return isSame && picture.version === world.version && picture.epoch === world.epoch
  }
  await Promise.all(
    audience.map((official, index) =>
      official.seen.until(() => isRight(official, pictures[index]!), patienceMs),
    ),
  )
  const wrong = pictures.flatMap((picture) => picture.wrong)
  if (wrong.length > 0) throw new Error(wrong.join('; '))
  const seen = audience.flatMap((official) => official.seen.items)
  const arrivals = seen.flatMap((item) => (item.what === 'subscribed' ? [item] : []))
  return {
    publications: seen.filter(({ what }) => what === 'publication').length,
    recoveries: arrivals.filter(({ recovered }) => recovered).length,
    snapshots: arrivals.filter(({ recovered }) => !recovered).length,
    resyncs: seen.filter((item) => item.what === 'subscribing' && item.code === 2500).length,
  }
}

/** Gives all a moment to be there; not for ever, for the service may be on hold. */
async function settle(subscriptions: readonly Subscription[], settleMs: number): Promise<void> {
  const untilMs = performance.now() + settleMs
  const isThere = (subscription: Subscription) => subscription.state === 'subscribed'
  while (performance.now() < untilMs && !subscriptions.every(isThere)) await turn()
}

async function stop(): Promise<void> {
  for (const { client } of clients.splice(0)) client.disconnect()
  await running?.stop()
  running = undefined
}

describe('whatever happens on the way', () => {
  it('every client ends with the tournament as it is, without gap, duplicate or disorder', async () => {
    const sum: Tally = { publications: 0, recoveries: 0, snapshots: 0, resyncs: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60 }), async (actions) => {
        const tally = await play(actions, 5_000)
        for (const key of ['publications', 'recoveries', 'snapshots', 'resyncs'] as const)
          sum[key] += tally[key]
        await stop()
      }),
      { numRuns: 40, interruptAfterTimeLimit: 15_000, endOnFailure: true },
    )
    // A run in which nothing went wrong on the way would prove nothing.
    expect(sum.publications).toBeGreaterThan(200)
    expect(Math.min(sum.recoveries, sum.snapshots, sum.resyncs)).toBeGreaterThan(5)
  })

  const story: Action[] = [
    ...Array.from({ length: 20 }, (): Action[] => [{ do: 'publish', count: 2 }, { do: 'turn' }]).flat(),
    ...Array.from({ length: 20 }, (): Action[] => [
      { do: 'settle' },
      { do: 'cut', client: 1 },
      { do: 'publish', count: 1 },
      { do: 'turn' },
      { do: 'publish', count: 2 },
    ]).flat(),
  ]

  it('would be found out if recovery lied', async () => {
    const answer = LiveChannel.prototype.answer
    vi.spyOn(LiveChannel.prototype, 'answer').mockImplementation(function (
      this: LiveChannel,
      recover,
      fresh,
    ) {
      const honest = answer.call(this, recover, fresh)
      return honest?.recovered ? { ...honest, publications: honest.publications.slice(1) } : honest
    })
    await expect(play(story, 600, 5_000)).rejects.toThrow()
  })

  it('would be found out if a snapshot were of another version than it says', async () => {
    const keepSnapshot = LiveChannel.prototype.keepSnapshot
    vi.spyOn(LiveChannel.prototype, 'keepSnapshot').mockImplementation(function (
      this: LiveChannel,
      epoch,
      version,
      body,
    ) {
      return keepSnapshot.call(this, epoch, version - 1, body)
    })
    await expect(play(story, 600, 5_000)).rejects.toThrow()
  })

  it('is quiet about the same story when nothing is wrong', async () => {
    await play(story, 5_000, 5_000)
  })
})
