import { createServer } from 'node:net'
import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  Collector,
  commands,
  enqueueEach,
  envelopeOf,
  eventOf,
  eventually,
  hold,
  itemIds,
  names,
  queries,
  quiet,
  workOn,
} from '../conformance-lab.ts'
import type { Queue } from '../port.ts'
import { BrokerLink } from './link.ts'
import { createNatsBus, type NatsBus, type NatsBusOptions } from './nats-bus.ts'
import { deleteStreams, enqueueOnceHeld, openBus, untilState } from './testing/broker-lab.ts'

let server: NatsServer
let admin: NatsConnection
const open: NatsBus[] = []

async function bus(options: Partial<NatsBusOptions> = {}): Promise<NatsBus> {
  const made = await openBus(server, options)
  open.push(made)
  return made
}

beforeAll(async () => {
  server = await startNatsServer()
  admin = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
})
afterEach(async () => {
  vi.restoreAllMocks()
  // A check that fails while it hangs takes no other along.
  server.resume()
  for (const made of open.splice(0)) await made.close()
  await server.start()
  await deleteStreams(server)
})
afterAll(async () => {
  await admin.close()
  await server.dispose()
})

const letters = (of: NatsBus, count: number, queue: Queue = commands) =>
  eventually(
    () => of.deadLetters(queue, 10),
    (found) => found.length === count,
  )
const messagesIn = async (stream: string) =>
  (await (await jetstreamManager(admin)).streams.info(stream)).state.messages

describe('streams', () => {
  it('are used as they are found, and differences are told', async () => {
    const manager = await jetstreamManager(admin)
    await manager.streams.add({
      name: 'CMD_TESTS',
      subjects: ['cmd.tests'],
      retention: 'workqueue',
      storage: 'file',
    })
    await manager.consumers.add('CMD_TESTS', {
      durable_name: 'workers',
      ack_policy: 'explicit',
      max_deliver: 9,
    })
    // As an earlier release made it: events of a day, on disk.
    await manager.streams.add({
      name: 'EVT_TESTS',
      subjects: ['evt.tests.>'],
      storage: 'file',
      max_age: 86_400e9,
    })
    const made = await bus()
    const told = made.differences.map(({ where, setting }) => `${where} ${setting}`)
    expect(told).toContain('EVT_TESTS storage')
    expect(told).toContain('EVT_TESTS max_age')
    expect((await manager.streams.info('EVT_TESTS')).config.storage).toBe('file')
    expect(told).toContain('CMD_TESTS max_age')
    expect(told).toContain('CMD_TESTS/workers max_deliver')
    expect(told.filter((text) => !/^(CMD|EVT)_TESTS/.test(text))).toEqual([])
    expect((await manager.consumers.info('CMD_TESTS', 'workers')).config.max_deliver).toBe(9)
    await enqueueEach(made, commands, ['used'])
    expect(itemIds(await workOn(made, commands, 1).got.only(1))).toEqual(['used'])
  })

  it('that are as wanted give no differences, the second time either', async () => {
    expect((await bus()).differences).toEqual([])
    expect((await bus()).differences).toEqual([])
  })

  it('are made again when the broker has lost its store, and consumers go on', async () => {
    const made = await bus()
    const { got } = workOn(made, commands, 10)
    await enqueueEach(made, commands, ['before'])
    await got.first(1)
    await server.kill()
    await untilState(made, 'down')
    await server.wipeStore()
    await server.start()
    await untilState(made, 'up')
    await enqueueEach(made, commands, ['after'])
    expect(itemIds(await got.first(2))).toEqual(['before', 'after'])
  })

  it('are made again when somebody deleted them, by whoever owns them alone', async () => {
    const owner = await bus({ natsLimits: { stallMs: 300, watchMs: 50 } })
    const stranger = await bus({ owns: [] })
    const { got } = workOn(owner, commands, 10)
    await (await jetstreamManager(admin)).streams.delete('CMD_TESTS')
    await enqueueOnceHeld(stranger, commands, 'again')
    expect(itemIds(await got.first(1))).toEqual(['again'])
  })
})

it('a stream of events that somebody deleted is made again when its service publishes', async () => {
  const made = await bus()
  const manager = await jetstreamManager(admin)
  await manager.streams.delete('EVT_TESTS')
  const published = () =>
    made.publishEvents([eventOf('stream', 1)]).then(
      () => true,
      () => false,
    )
  expect(await published()).toBe(false)
  await eventually(published, (held) => held)
  expect((await manager.streams.info('EVT_TESTS')).config.storage).toBe('memory')
})

describe('what is no envelope', () => {
  const rubbish = [
    '',
    'not json',
    'null',
    '[]',
    '{"schema":1}',
    '\u0000\u0001',
    '{"id":7,"items":[]}',
    '{"id":"a","items":{}}',
  ]

  it('becomes a dead letter with its bytes, and keeps nobody from his work', async () => {
    const made = await bus()
    const { got } = workOn(made, commands, 2)
    for (const text of rubbish) admin.publish('cmd.tests', text)
    await admin.flush()
    await enqueueEach(made, commands, ['sound'])
    expect(itemIds(await got.only(1))).toEqual(['sound'])
    const found = await letters(made, rubbish.length)
    expect(found.map(({ rawBase64 = '' }) => Buffer.from(rawBase64, 'base64').toString())).toEqual(rubbish)
    expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(['it is no envelope']))
    await eventually(
      () => messagesIn('CMD_TESTS'),
      (count) => count === 0,
    )
  })

  it('is put back as it was when it is replayed', async () => {
    const made = await bus()
    const worker = workOn(made, commands, 1)
    admin.publish('cmd.tests', 'not json')
    const [letter] = await letters(made, 1)
    expect(await made.replayDeadLetter(commands, letter?.envelope.id ?? '')).toBe(true)
    const [again] = await eventually(
      () => made.deadLetters(commands, 10),
      ([first]) => first?.envelope.id !== letter?.envelope.id && first !== undefined,
    )
    expect(again?.rawBase64).toBe(letter?.rawBase64)
    await worker.consumer.close()
  })

  it('of another schema is for the puller to judge', async () => {
    const made = await bus()
    const { got } = workOn(made, commands, 1, (delivery) => delivery.terminate('its schema is unknown'))
    admin.publish('cmd.tests', '{"schema":2,"id":"from-the-future","items":[{}]}')
    await got.first(1)
    expect((await letters(made, 1))[0]).toMatchObject({ reason: 'its schema is unknown', attempts: 1 })
  })
})

describe('an envelope after its last delivery', () => {
  const limits = { ackWaitMs: 150, deliveriesMax: 2 }

  it('is found by looking when nobody heard the broker say so', async () => {
    const deaf = await bus({ limits, owns: ['tests'] })
    const subscribe = vi.spyOn(BrokerLink.prototype, 'subscribe')
    await deaf.close()
    // Nobody owns the queue while its last delivery times out.
    const worker = await bus({ limits, owns: [] })
    const { got } = workOn(worker, commands, 5, hold)
    await enqueueEach(worker, commands, ['stranded'])
    await got.first(limits.deliveriesMax)
    await quiet(2 * limits.ackWaitMs)
    await got.only(limits.deliveriesMax)
    expect(subscribe.mock.calls.filter(([subject]) => subject.includes('ADVISORY'))).toEqual([])
    expect(await worker.deadLetters(commands, 10)).toEqual([])
    expect(await messagesIn('CMD_TESTS')).toBe(1)
    const owner = await bus({ limits, owns: ['tests'], natsLimits: { leftBehindMs: 0, sweepMs: 100 } })
    const [letter] = await letters(owner, 1)
    expect(letter?.envelope.items[0]?.id).toBe('stranded')
    await eventually(
      () => messagesIn('CMD_TESTS'),
      (count) => count === 0,
    )
  })

  it('is looked for without harm to what is in work or waits to be delivered again', async () => {
    const owner = await bus({ limits: { ackWaitMs: 1_000 }, natsLimits: { leftBehindMs: 0, sweepMs: 20 } })
    const { got, consumer } = workOn(owner, commands, 10, hold)
    await enqueueEach(owner, commands, names('work', 10))
    const deliveries = await got.first(10)
    for (const delivery of deliveries.slice(0, 3)) delivery.nak()
    for (const delivery of deliveries.slice(3, 6)) delivery.nak(200)
    for (const delivery of deliveries.slice(7)) delivery.ack()
    await quiet(150)
    // Now nothing is in work, but all wait to be delivered again.
    deliveries[6]?.nak(100)
    await quiet(250)
    expect(await owner.deadLetters(commands, 10)).toEqual([])
    consumer.pull(10)
    const again = (await got.only(17)).slice(10)
    expect(itemIds(again).toSorted()).toEqual(names('work', 7))
  })

  it('is one dead letter, however many instances hear of it', async () => {
    const owners = [await bus({ limits }), await bus({ limits }), await bus({ limits })]
    const [first] = owners
    if (first === undefined) throw new Error('three were made')
    workOn(first, commands, 5, hold)
    await enqueueEach(first, commands, ['killer'])
    expect((await letters(first, 1))[0]?.attempts).toBe(limits.deliveriesMax)
    await quiet(300)
    await letters(first, 1)
  })
})

describe('a consumer whose pulls are made anew all the time', () => {
  it('is given everything once, and no more than it asked for', async () => {
    const made = await bus({ natsLimits: { renewMs: 15, watchMs: 5 } })
    let inWork = 0
    let most = 0
    const { got, consumer } = workOn(made, commands, 4, (delivery) => {
      most = Math.max(most, ++inWork)
      setImmediate(() => {
        inWork--
        delivery.ack()
        consumer.pull(1)
      })
    })
    const sent = names('steady', 1_200)
    for (const name of sent) {
      await made.enqueue(commands, envelopeOf(name))
      if (Math.random() < 0.2) await quiet(2)
    }
    expect(itemIds(await got.only(1_200)).toSorted()).toEqual(sent.toSorted())
    // What the broker was just about to send as a pull was taken back, it counts as an attempt: once in ten thousand.
    expect(got.all.filter(({ attempt }) => attempt > 1).length).toBeLessThanOrEqual(3)
    expect(most).toBeLessThanOrEqual(4)
  })
})

describe('a broker that fails', () => {
  /** Sends all the time while the broker is killed again and again. What was acknowledged, and what came. */
  async function killWhileSending(queue: Queue, kills: number) {
    const [sender, receiver] = [await bus({ owns: [] }), await bus()]
    const got = new Set<string>()
    const acknowledged: string[] = []
    let isSending = true
    let sent = 0
    const send = async (): Promise<void> => {
      while (isSending) {
        const name = `sent-${sent++}`
        await sender.enqueue(queue, envelopeOf(name)).then(
          () => acknowledged.push(name),
          () => quiet(5),
        )
      }
    }
    const senders = names('sender', 8).map(send)
    for (let kill = 0; kill < kills; kill++) {
      await quiet(250)
      await server.kill()
      await untilState(sender, 'down')
      await server.start()
      await Promise.all([untilState(sender, 'up'), untilState(receiver, 'up')])
    }
    isSending = false
    await Promise.all(senders)
    workOn(receiver, queue, 1_000_000, (delivery) => {
      for (const { id } of delivery.envelope.items) got.add(id)
      delivery.ack()
    })
    await enqueueEach(sender, queue, ['last'])
    await eventually(
      async () => got.has('last'),
      (has) => has,
    )
    return { acknowledged, lost: acknowledged.filter((name) => !got.has(name)) }
  }

  it('by kill -9 loses no command that it acknowledged', async () => {
    const { acknowledged, lost } = await killWhileSending(commands, 4)
    expect(acknowledged.length).toBeGreaterThan(100)
    expect(lost).toEqual([])
  })

  it('loses queries, which lie in memory: the check can find a loss', async () => {
    const { lost } = await killWhileSending(queries, 1)
    expect(lost.length).toBeGreaterThan(0)
  })

  it('by hanging is told within the bound, and nothing is lost when it goes on', async () => {
    const made = await bus({ natsLimits: { acknowledgeMs: 300 } })
    const { got } = workOn(made, commands, 10)
    await server.pause()
    const startedAt = performance.now()
    const sending = made.enqueue(commands, envelopeOf('hanging'))
    await expect(sending).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    // Without the setting it would be two seconds.
    expect(performance.now() - startedAt).toBeLessThan(1_500)
    server.resume()
    expect(itemIds(await got.first(1))).toEqual(['hanging'])
  })

  it('by hanging keeps nobody from stopping', async () => {
    const made = await bus()
    const { consumer } = workOn(made, commands, 10)
    await server.pause()
    const startedAt = performance.now()
    await consumer.close()
    await made.close()
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    server.resume()
  })

  it('is too old is told, and waited for', async () => {
    const old = createServer((socket) => {
      const info = {
        server_id: 'x',
        version: '2.8.4',
        proto: 1,
        headers: true,
        max_payload: 1_048_576,
        jetstream: true,
      }
      socket.write(`INFO ${JSON.stringify(info)}\r\n`)
      socket.on('data', (data) => data.includes('PING') && socket.write('PONG\r\n'))
      socket.on('error', () => {})
    })
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve))
    const address = old.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const made = createNatsBus({ servers: [`nats://127.0.0.1:${port}`], role: 'tests', owns: [] })
    await eventually(
      async () => made.problem ?? '',
      (problem) => problem.includes('nats-server 2.8.4'),
    )
    expect(made.state).toBe('down')
    await made.close()
    await new Promise((resolve) => old.close(resolve))
  })

  it('and comes later than its clients is waited for', async () => {
    await server.kill()
    const early = createNatsBus({ servers: [server.url], role: 'tests', owns: ['tests'] })
    open.push(early)
    const { got } = workOn(early, commands, 1)
    const answers = new Collector<unknown>()
    const inbox = early.openInbox(answers.add)
    await quiet(300)
    expect(early.problem).toContain('no connection')
    await server.start()
    await untilState(early, 'up')
    expect(early.problem).toBeNull()
    await enqueueEach(early, commands, ['late'])
    await got.first(1)
    early.reply(inbox.address, { schema: 1, envelope: 'any', replies: [] })
    await answers.only(1)
  })
})
