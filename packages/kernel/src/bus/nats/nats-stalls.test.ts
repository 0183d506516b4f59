import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  commands,
  enqueueEach,
  eventually,
  hold,
  itemIds,
  names,
  queries,
  quiet,
  workOn,
} from '../conformance-lab.ts'
import { BrokerLink } from './link.ts'
import type { NatsBus } from './nats-bus.ts'
import type { NatsLimits } from './nats-limits.ts'
import { Questions } from './questions.ts'
import { api } from './subjects.ts'
import { deleteStreams, enqueueOnceHeld, openBus } from './testing/broker-lab.ts'

let server: NatsServer
let admin: NatsConnection
const open: NatsBus[] = []

async function bus(natsLimits: Partial<NatsLimits>): Promise<NatsBus> {
  const made = await openBus(server, { natsLimits })
  open.push(made)
  return made
}

beforeAll(async () => {
  server = await startNatsServer()
  admin = await connect({ servers: server.url })
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const made of open.splice(0)) await made.close()
  await deleteStreams(server)
})
afterAll(async () => {
  await admin.close()
  await server.dispose()
})

const infoOf = async (stream: string) => (await jetstreamManager(admin)).streams.info(stream)

describe('a pull that is lost on its way', () => {
  function loseFirstPull(): void {
    const publish = BrokerLink.prototype.publish
    let lost = false
    vi.spyOn(BrokerLink.prototype, 'publish').mockImplementation(function (this: BrokerLink, ...message) {
      const isPull = message[0].startsWith('$JS.API.CONSUMER.MSG.NEXT.')
      if (isPull && !lost) lost = true
      else publish.apply(this, message)
    })
  }

  it('is found missing, and work goes on', async () => {
    const made = await bus({ stallMs: 300, watchMs: 50 })
    loseFirstPull()
    const { got } = workOn(made, commands, 5)
    await enqueueEach(made, commands, names('stalled', 3))
    expect(itemIds(await got.only(3))).toEqual(names('stalled', 3))
  })

  it('is found missing among others that are answered', async () => {
    const made = await bus({ renewMs: 200, watchMs: 20 })
    const { got, consumer } = workOn(made, commands, 0)
    loseFirstPull()
    consumer.pull(2)
    await quiet(10)
    consumer.pull(2)
    await enqueueEach(made, commands, names('partly', 4))
    expect(itemIds(await got.only(4)).toSorted()).toEqual(names('partly', 4))
  })

  it('stays lost when nobody watches', async () => {
    const made = await bus({ stallMs: 60_000, watchMs: 50 })
    loseFirstPull()
    const { got } = workOn(made, commands, 5)
    await enqueueEach(made, commands, ['stalled'])
    await quiet(1_500)
    expect(got.all).toEqual([])
  })
})

describe('a queue that the broker gives nothing of', () => {
  const soon = { stallMs: 100, stuckMs: 300, watchMs: 20 }

  /** The broker does as if it had not been asked for work, until the stream is made anew. */
  function losePulls(stream: string): { readonly isRemade: () => boolean } {
    const publish = BrokerLink.prototype.publish
    let isRemade = false
    vi.spyOn(BrokerLink.prototype, 'publish').mockImplementation(function (this: BrokerLink, ...message) {
      isRemade ||= message[0] === api.streamDelete(stream)
      if (isRemade || message[0] !== api.pull(stream)) publish.apply(this, message)
    })
    return { isRemade: () => isRemade }
  }

  it('though work waits is made anew when it lies in memory, and work goes on', async () => {
    const made = await bus(soon)
    const { isRemade } = losePulls('QRY_TESTS')
    const { got } = workOn(made, queries, 5)
    await enqueueEach(made, queries, ['stuck'])
    await eventually(async () => isRemade(), Boolean)
    await enqueueOnceHeld(made, queries, 'after')
    expect(itemIds(await got.only(1))).toEqual(['after'])
  })

  it('for it has forgotten what was delivered is made anew', async () => {
    const made = await bus(soon)
    const { got } = workOn(made, queries, 5)
    await enqueueEach(made, queries, ['one', 'two'])
    await got.only(2)
    const before = (await infoOf('QRY_TESTS')).created
    /** That of before while there is none. */
    const createdAt = () =>
      infoOf('QRY_TESTS').then(
        ({ created }) => created,
        () => before,
      )
    const ask = Questions.prototype.api
    vi.spyOn(Questions.prototype, 'api').mockImplementation(async function (this: Questions, ...question) {
      const answer: object = await ask.apply(this, question)
      const isNew = (await createdAt()) !== before
      const isForged = question[0] === api.streamInfo('QRY_TESTS') && !isNew
      return (isForged ? { ...answer, state: { last_seq: 1 } } : answer) as never
    })
    await eventually(createdAt, (at) => at !== before)
    await enqueueOnceHeld(made, queries, 'after')
    expect(itemIds(await got.first(3)).at(-1)).toBe('after')
  })

  it('stays as it is on disk, where nothing is forgotten', async () => {
    const made = await bus(soon)
    const { isRemade } = losePulls('CMD_TESTS')
    const { got } = workOn(made, commands, 5)
    await enqueueEach(made, commands, ['stuck'])
    await quiet(10 * soon.stuckMs)
    expect(isRemade()).toBe(false)
    await got.only(0)
    expect((await infoOf('CMD_TESTS')).state.messages).toBe(1)
  })

  it('for there is nothing, or it is in work, stays as it is', async () => {
    const made = await bus(soon)
    const published = vi.spyOn(BrokerLink.prototype, 'publish')
    for (let instance = 0; instance < 2; instance++) workOn(made, queries, 5, hold)
    await quiet(5 * soon.stuckMs)
    await enqueueEach(made, queries, ['in work'])
    await quiet(5 * soon.stuckMs)
    const asked = published.mock.calls.map(([subject]) => subject)
    expect(asked).toContain(api.streamInfo('QRY_TESTS'))
    expect(asked).not.toContain(api.streamDelete('QRY_TESTS'))
    expect((await infoOf('QRY_TESTS')).state.messages).toBe(1)
  })
})
