import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { connect } from '@nats-io/transport-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Envelope } from '../../message.ts'
import { envelopeOf, eventOf, eventually, hold, workOn } from '../conformance-lab.ts'
import type { Lane, Queue } from '../port.ts'
import type { NatsBus } from './nats-bus.ts'
import { queueSubject } from './subjects.ts'
import { openBus } from './testing/broker-lab.ts'

const canary = 'ada@canary.example hunter2'
const limits = { ackWaitMs: 150, deliveriesMax: 2 }

let server: NatsServer
let bus: NatsBus
beforeEach(async () => {
  server = await startNatsServer()
  bus = await openBus(server, { limits, owns: ['tests'] })
})
afterEach(async () => {
  await bus.close()
  await server.dispose()
})

/** An envelope with the canary in all that an item says, besides its ids. */
function withCanary(name: string): Envelope {
  const envelope = envelopeOf(name)
  const items = envelope.items.map((item) => ({
    ...item,
    input: { name: canary, nested: [{ password: canary }] },
    // No caller of ours looks like that, so that it is found.
    caller: { kind: 'anyone', accountId: canary } as const,
    trace: canary,
    address: canary,
  }))
  return { ...envelope, items }
}

/** What nobody can handle: the canary where only ids should be, and bytes that are no envelope. */
const rubbish = [
  JSON.stringify({ schema: 2, id: 'x', replyTo: canary, items: [{ id: canary, operation: { canary } }] }),
  JSON.stringify({ schema: 2, id: canary.repeat(9), replyTo: null, items: [canary, null] }),
  `no envelope ${canary}`,
]

/** All that can happen to what a queue holds: waiting, given up at each of its ends, left behind, not understood. */
async function liveThrough(lane: Lane): Promise<void> {
  const queue: Queue = { service: 'tests', lane }
  const letters = (count: number) =>
    eventually(
      () => bus.deadLetters(queue, 50),
      (found) => found.length === count,
    )
  const raw = await connect({ servers: server.url })
  const ends = [
    (name: string) => workOn(bus, queue, 9, (delivery) => delivery.terminate(`at ${name}`)),
    () => workOn(bus, queue, 9, (delivery) => delivery.nak()),
    () => workOn(bus, queue, 9, hold),
  ]
  for (const [index, end] of ends.entries()) {
    const name = `given-up-${lane}-${index}`
    const { consumer } = end(name)
    await bus.enqueue(queue, withCanary(name))
    await letters(index + 1)
    await consumer.close()
  }
  const { consumer } = workOn(bus, queue, 9, (delivery) => delivery.terminate('not understood'))
  for (const text of rubbish) raw.publish(queueSubject(queue), text)
  await raw.flush()
  await letters(ends.length + rubbish.length)
  await consumer.close()
  await bus.enqueue(queue, withCanary(`waiting-${lane}`))
  await raw.close()
}

/** Files of the broker's store in which a text is, in the clear or in base64. */
async function filesWith(text: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(server.storeDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = await readFile(join(entry.parentPath, entry.name))
    const runs = bytes.toString('latin1').match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? []
    const isThere = bytes.includes(text) || runs.some((run) => Buffer.from(run, 'base64').includes(text))
    if (isThere) found.push(join(entry.parentPath, entry.name))
  }
  return found
}

/** While it runs, and when it has written all that it wants to write. */
async function expectOnDisk(check: () => Promise<void>): Promise<void> {
  await check()
  await server.stop()
  await check()
}

describe('on the disk of a broker', () => {
  it.each(['private', 'queries'] as const)(
    'there is nothing of what travels in the lane %s',
    async (lane) => {
      await liveThrough(lane)
      await expectOnDisk(async () => {
        expect(await filesWith(canary)).toEqual([])
        // The search looks at the right files: dead letters are there, with their ids.
        expect(await filesWith(`given-up-${lane}-0`)).not.toEqual([])
        expect(await filesWith('withheld')).not.toEqual([])
      })
    },
  )

  it('there is what travels in the lane commands, in queue and dead letters: the search can find it', async () => {
    await bus.enqueue({ service: 'tests', lane: 'commands' }, withCanary('waiting'))
    await expectOnDisk(async () => expect((await filesWith(canary)).join()).toContain('CMD_TESTS'))
    await server.start()
    const worker = workOn(bus, { service: 'tests', lane: 'commands' }, 9)
    await worker.got.first(1)
    await worker.consumer.close()
    await liveThrough('commands')
    await expectOnDisk(async () => expect((await filesWith(canary)).join()).toContain('DEAD_TESTS'))
  })

  it('bytes of no envelope are found too', async () => {
    const queue: Queue = { service: 'tests', lane: 'commands' }
    workOn(bus, queue, 9)
    const raw = await connect({ servers: server.url })
    raw.publish(queueSubject(queue), `no envelope ${canary}`)
    await eventually(
      () => bus.deadLetters(queue, 9),
      (letters) => letters.length === 1,
    )
    await raw.close()
    const dead = (await filesWith(canary)).filter((file) => file.includes('DEAD_TESTS'))
    expect(dead).not.toEqual([])
    for (const file of dead) expect((await readFile(file)).includes(canary)).toBe(false)
  })

  it('there is nothing of events', async () => {
    const event = { ...eventOf('stream', 1), data: { name: canary } }
    await bus.publishEvents([event])
    await expectOnDisk(async () => expect(await filesWith(canary)).toEqual([]))
  })
})
