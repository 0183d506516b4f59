import { type NatsCluster, startNatsCluster } from '@matchday/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { commands, envelopeOf, eventually, patience, quiet, workOn } from '../conformance-lab.ts'
import { createNatsBus } from './nats-bus.ts'
import { untilState } from './testing/broker-lab.ts'

const startMs = 90_000

let cluster: NatsCluster
beforeAll(async () => {
  cluster = await startNatsCluster(3)
}, startMs)
afterAll(() => cluster?.dispose())

/** A new leader is elected after 4 to 9 s, and messages that were in work come again after that. */
const recoveryMs = 40_000

it(
  'a cluster whose leader is killed loses no command that it acknowledged, and work goes on',
  async () => {
    patience.arrivalMs = recoveryMs
    const options = { servers: cluster.urls, role: 'tests', replicas: 3 }
    const receiver = createNatsBus({ ...options, owns: ['tests'] })
    await untilState(receiver, 'up')
    const sender = createNatsBus({ ...options, owns: [] })
    await untilState(sender, 'up')
    const got = new Map<string, number>()
    const worker = workOn(receiver, commands, 8, (delivery) => {
      for (const { id } of delivery.envelope.items) got.set(id, (got.get(id) ?? 0) + 1)
      delivery.ack()
      worker.consumer.pull(1)
    })
    const acknowledged = new Set<string>()
    const refused: unknown[] = []
    let isSending = true
    let sent = 0
    const send = async (): Promise<void> => {
      while (isSending) {
        const name = `sent-${sent++}`
        try {
          await sender.enqueue(commands, envelopeOf(name))
          acknowledged.add(name)
        } catch (error) {
          refused.push(error)
          await quiet(20)
        }
      }
    }
    const sending = Promise.all([send(), send(), send(), send()])
    await eventually(
      async () => acknowledged.size,
      (count) => count > 100,
    )
    const leader = await eventually(
      () => cluster.streamLeader('CMD_TESTS'),
      (found) => found !== undefined,
    )
    await leader?.kill()
    const before = acknowledged.size
    // The fault has happened: somebody was refused, or had to wait for a new leader.
    await eventually(
      async () => acknowledged.size,
      (count) => count > before + 200,
    )
    await leader?.start()
    isSending = false
    await sending
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.filter((error) => (error as { code?: string }).code !== 'unavailable')).toEqual([])
    await eventually(
      async () => [...acknowledged].filter((name) => !got.has(name)),
      (missing) => missing.length === 0,
    )
    await Promise.all([receiver.close(), sender.close()])
  },
  2 * recoveryMs,
)
