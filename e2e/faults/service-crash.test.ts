import { setTimeout as sleep } from 'node:timers/promises'
import { openConnections, silentLog } from '@matchday/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, type Member, startCluster } from '../cluster/cluster.ts'
import { baseline, figuresOf, type HistoryFigures, HistoryLoad } from './history.ts'
import { checkDatabase, checkHistory, checkStates, readLogs } from './history-check.ts'
import { LastingCounter, metricOf } from './metrics.ts'
import { type RawMessage, RawNats } from './raw-nats.ts'

const startMs = 120_000
const runMs = 180_000
const writers = 16
const baselineMs = 2_000
const kills = 10
/** What an envelope waits for at most that somebody took and did not acknowledge: its ack wait of 2 s, and never two. */
const worstWaitMs = 3_500
/** From a kill to the next: whatever the first took has been done by somebody else before. */
const cycleMs = 3_000
const pauses = 2
/** Beyond the ack wait, and short enough for the requests to be still wanted when the sleeper wakes up. */
const pauseMs = 3_000
const settleMs = 15_000

let cluster: Cluster
let normal: HistoryFigures

beforeAll(async () => {
  cluster = await startCluster({ venues: true, gateways: 1, instances: 2 })
  await baseline(cluster.url, writers, baselineMs)
  normal = await baseline(cluster.url, writers, baselineMs)
  console.log(`undisturbed: ${words(normal)}`)
}, startMs)
afterAll(() => cluster?.[Symbol.asyncDispose]())

function words({ calls, p50Ms, p99Ms, worstMs, failures, repeats }: HistoryFigures): string {
  const failed = JSON.stringify(failures)
  return `${calls} calls, p50 ${p50Ms} ms, p99 ${p99Ms} ms, worst ${worstMs} ms, failures ${failed}, ${repeats} repeats`
}

/** Everything that must hold whatever happened to the services. */
async function expectSound(load: HistoryLoad): Promise<void> {
  const logs = await readLogs(cluster.url, load.tournaments)
  expect(checkHistory(load.calls, logs)).toEqual({ lost: [], doubled: [], gaps: [], broken: [], refused: [] })
  expect(await checkStates(cluster.url, logs)).toEqual([])
  expect(await checkDatabase(cluster.postgres.url)).toEqual([])
}

async function untilEnded(member: Member): Promise<void> {
  const until = performance.now() + settleMs
  while (member.processId !== 0 && performance.now() < until) await sleep(5)
  expect(member.processId).toBe(0)
}

describe('a service that is killed while it works', () => {
  it(
    'is not noticed by any client, but for a wait of one ack wait: the other instance does its work',
    async () => {
      const redeliveries = new LastingCounter('matchday_redeliveries_total', cluster.instances)
      const before = await redeliveries.read()
      const load = new HistoryLoad(cluster.url)
      load.start(writers)
      const taken: number[] = []
      for (let index = 0; index < kills; index++) {
        const member = cluster.instances[index % 2]!
        await sleep(100 + Math.random() * 300)
        const seen = await redeliveries.read()
        const killedAt = performance.now()
        member.kill()
        await untilEnded(member)
        await member.start()
        await sleep(cycleMs - (performance.now() - killedAt))
        taken.push((await redeliveries.read()) - seen)
      }
      await load.stop()
      const figures = figuresOf(load.calls)
      const inHand = taken.filter((count) => count > 0).length
      console.log(
        `${kills} kills, ${inHand} with work in hand (redelivered: ${taken.join(' ')}): ${words(figures)}`,
      )
      // The kills did hit between pull and ack.
      expect(redeliveries.total - before).toBeGreaterThanOrEqual(kills / 2)
      expect(inHand).toBeGreaterThanOrEqual(kills / 2)
      expect(figures.worstMs).toBeGreaterThan(1_000)

      expect(figures.failures).toEqual({})
      expect(figures.unknown).toBe(0)
      expect(figures.worstMs).toBeLessThanOrEqual(worstWaitMs + normal.p99Ms)
      await expectSound(load)
    },
    runMs,
  )

  it(
    'is noticed when there is no other instance, and even then nothing is lost or doubled',
    async () => {
      const [one, other] = cluster.instances
      await other!.stop()
      const load = new HistoryLoad(cluster.url)
      load.start(writers)
      await sleep(500)
      one!.kill()
      await untilEnded(one!)
      await sleep(worstWaitMs + normal.p99Ms)
      await Promise.all([one!.start(), other!.start()])
      await sleep(500)
      await load.stop()
      const figures = figuresOf(load.calls)
      console.log(`killed without another: ${words(figures)}`)
      expect(figures.worstMs).toBeGreaterThan(worstWaitMs + normal.p99Ms)
      await expectSound(load)
    },
    runMs,
  )
})

type Heard = { readonly at: number; readonly reply: string }

const isKnown = ({ reply }: Heard) => !reply.includes('"retryable":true')

/** All commands and all answers that services give to them, by the item that they are for. */
function listener() {
  const commands = new Set<string>()
  const onEnvelope = ({ payload }: RawMessage) => {
    const { id }: { id: string } = JSON.parse(payload.toString())
    commands.add(id)
  }
  const heard = new Map<string, Heard[]>()
  const onMessage = ({ payload, at }: RawMessage) => {
    // As the product writes it: its own tests hold it to its shape.
    const { envelope, replies }: { envelope: string; replies: { index: number; reply: object }[] } =
      JSON.parse(payload.toString())
    // A question that is answered again may be answered otherwise: it is a later time.
    if (!commands.has(envelope)) return
    for (const { index, reply } of replies) {
      const key = `${envelope} ${index}`
      heard.set(key, [...(heard.get(key) ?? []), { at, reply: JSON.stringify(reply) }])
    }
  }
  return { heard, onEnvelope, onMessage }
}

describe('a service that sleeps beyond the ack wait, and wakes up with work in its hands', () => {
  it(
    'does it again without any effect, and gives the answers that were given',
    async () => {
      using broker = await RawNats.open(natsPort())
      const { heard, onEnvelope, onMessage } = listener()
      await broker.subscribe('cmd.>', onEnvelope)
      await broker.subscribe('reply.>', onMessage)
      const load = new HistoryLoad(cluster.url)
      let lateAnswers = 0
      let lateDeliveries = 0
      for (let index = 0; index < pauses; index++) {
        const sleeper = cluster.instances[index % 2]!
        const round = new HistoryLoad(cluster.url)
        round.start(writers)
        await sleep(400)
        const delivered = await metricOf(sleeper, 'matchday_deliveries_total')
        const pausedAt = performance.now()
        await sleeper.pause()
        await sleep(pauseMs)
        // Nobody asks for anything any more: what the sleeper does from now on is what it had in its hands.
        await round.stop()
        const resumedAt = performance.now()
        sleeper.resume()
        const answers = () =>
          [...heard.values()].filter(([first, ...more]) => {
            return first!.at > pausedAt && first!.at < resumedAt && more.some(({ at }) => at > resumedAt)
          })
        const until = performance.now() + settleMs
        while (answers().length === 0 && performance.now() < until) await sleep(20)
        await sleep(300)
        const again = answers()
        lateAnswers += again.filter((list) => list.every(isKnown)).length
        lateDeliveries += (await metricOf(sleeper, 'matchday_deliveries_total')) - delivered
        // Whoever slept through what the database said does not know the outcome, and says that; all others say the same.
        const asSaid = (list: readonly Heard[]) => [
          ...new Set(list.filter(isKnown).map(({ reply }) => reply)),
        ]
        expect(again.map(asSaid).filter((said) => said.length > 1)).toEqual([])
        load.calls.push(...round.calls)
      }
      const figures = figuresOf(load.calls)
      console.log(
        `${pauses} pauses of ${pauseMs} ms: ${lateDeliveries} deliveries and ${lateAnswers} answers after waking up; ${words(figures)}`,
      )
      // The sleeper did work that another had done meanwhile.
      expect(lateAnswers).toBeGreaterThan(0)
      expect(figures.failures).toEqual({})
      expect(figures.unknown).toBe(0)
      await expectSound(load)
    },
    runMs,
  )
})

function natsPort(): number {
  if ('servers' in cluster.nats) throw new Error('This is one server')
  return cluster.nats.port
}

describe('what would be seen if something were done twice', () => {
  it('an event without a command id of its own, in the database and in the log', async () => {
    const load = new HistoryLoad(cluster.url)
    load.start(1)
    await sleep(500)
    await load.stop()
    const [id = ''] = load.tournaments
    const logs = await readLogs(cluster.url, load.tournaments)
    const log = logs.get(id) ?? []
    expect(checkHistory(load.calls, logs)).toMatchObject({ lost: [], doubled: [], gaps: [], broken: [] })
    const connections = openConnections(
      { url: cluster.postgres.url },
      { schema: 'tournaments', connectionsMax: 1, log: silentLog },
    )
    const repeat = `insert into events (stream, version, type, data, at, by_kind)
      select stream, $2, type, data, at, by_kind from events where stream = $1 and version = 2`
    await connections.query({ text: repeat }, [id, log.length + 1])
    const found = await checkDatabase(cluster.postgres.url)
    expect(found).toEqual([
      expect.stringContaining(`stream ${id} has version ${log.length} and ${log.length + 1} events`),
      expect.stringContaining(`of ${id} (player-joined) has 0 command ids`),
    ])
    const repeated = { ...log[1]!, version: log.length + 1 }
    const { doubled, broken } = checkHistory(load.calls, new Map([...logs, [id, [...log, repeated]]]))
    expect({ doubled: doubled.length, broken: broken.length }).toEqual({ doubled: 1, broken: 2 })
    await connections.query({ text: 'delete from events where stream = $1 and version = $2' }, [
      id,
      log.length + 1,
    ])
    await connections.close()
    expect(await checkDatabase(cluster.postgres.url)).toEqual([])
  })
})
