import assert from 'node:assert/strict'
import type { EventMessage, ReplyEnvelope, Whisper } from '../message.ts'
import {
  assertFault,
  type BusCheck,
  Collector,
  commands,
  enqueueEach,
  envelopeOf,
  eventOf,
  eventually,
  itemIds,
  names,
  onFreshBus,
  quiet,
  tryToChange,
  whisperOf,
  workOn,
} from './conformance-lab.ts'
import type { BusState } from './port.ts'

function replyTo(envelope: string): ReplyEnvelope {
  return {
    schema: 1,
    envelope,
    replies: [{ index: 0, reply: { kind: 'ok', body: { answer: 42 }, version: 7 } }],
  }
}

/** Answers, events, whispers, and what happens without a connection. */
export const answerChecks: Readonly<Record<string, BusCheck>> = {
  'answers arrive at the inbox they are sent to, in order, as they were sent': onFreshBus(async (bus) => {
    const [mine, other] = [new Collector<ReplyEnvelope>(), new Collector<ReplyEnvelope>()]
    const inbox = bus.openInbox(mine.add)
    const otherInbox = bus.openInbox(other.add)
    assert.notEqual(inbox.address, otherInbox.address)
    const sent = names('answer', 10).map(replyTo)
    for (const reply of sent) bus.reply(inbox.address, reply)
    bus.reply(otherInbox.address, replyTo('other'))
    assert.deepEqual(await mine.only(10), sent)
    assert.deepEqual(await other.only(1), [replyTo('other')])
  }),

  'an answer to an inbox that is gone, or never was, is no error': onFreshBus(async (bus) => {
    const [gone, still] = [new Collector<ReplyEnvelope>(), new Collector<ReplyEnvelope>()]
    const closed = bus.openInbox(gone.add)
    const open = bus.openInbox(still.add)
    closed.close()
    bus.reply(closed.address, replyTo('gone'))
    bus.reply('never-opened', replyTo('never'))
    bus.reply(open.address, replyTo('still'))
    await still.only(1)
    assert.equal(gone.all.length, 0)
  }),

  'events reach every subscriber of their service, in the order of publishing': onFreshBus(async (bus) => {
    const [first, second, other] = [
      new Collector<EventMessage>(),
      new Collector<EventMessage>(),
      new Collector(),
    ]
    bus.subscribeEvents({ service: 'tests' }, (events) => events.forEach(first.add))
    bus.subscribeEvents({ service: 'tests' }, (events) => events.forEach(second.add))
    bus.subscribeEvents({ service: 'others' }, (events) => events.forEach(other.add))
    // Without waiting in between: order must not depend on that.
    const events = Array.from({ length: 60 }, (_, index) => eventOf('stream', index + 1))
    const batches = [events.slice(0, 1), events.slice(1, 30), events.slice(30)]
    await Promise.all(batches.map((batch) => bus.publishEvents(batch)))
    assert.deepEqual(await first.only(60), events)
    assert.deepEqual(await second.only(60), events)
    assert.equal(other.all.length, 0)
  }),

  'events of several services in one batch reach their own subscribers': onFreshBus(async (bus) => {
    const [one, two] = [new Collector<EventMessage>(), new Collector<EventMessage>()]
    bus.subscribeEvents({ service: 'tests' }, (events) => events.forEach(one.add))
    bus.subscribeEvents({ service: 'others' }, (events) => events.forEach(two.add))
    const mixed = [eventOf('a', 1), eventOf('b', 1, 'others'), eventOf('a', 2)]
    await bus.publishEvents(mixed)
    assert.deepEqual(await one.only(2), [mixed[0], mixed[2]])
    assert.deepEqual(await two.only(1), [mixed[1]])
  }),

  'a subscriber gets what comes from then on, until it closes': onFreshBus(async (bus) => {
    const [before, after] = [new Collector<EventMessage>(), new Collector<EventMessage>()]
    const early = bus.subscribeEvents({ service: 'tests' }, (events) => events.forEach(before.add))
    await bus.publishEvents([eventOf('stream', 1)])
    await before.first(1)
    early.close()
    bus.subscribeEvents({ service: 'tests' }, (events) => events.forEach(after.add))
    await bus.publishEvents([eventOf('stream', 2)])
    assert.deepEqual(await after.only(1), [eventOf('stream', 2)])
    assert.equal(before.all.length, 1)
  }),

  'whispers reach the subscribers of the service that has the channel': onFreshBus(async (bus) => {
    const [heard, other] = [new Collector<Whisper>(), new Collector<Whisper>()]
    const { service } = whisperOf('any')
    const subscription = bus.subscribeWhispers({ service }, heard.add)
    bus.subscribeWhispers({ service: 'others' }, other.add)
    const sent = names('key', 5).map((key) => whisperOf(key).message)
    for (const message of sent) bus.whisper(message)
    assert.deepEqual(await heard.only(5), sent)
    assert.equal(other.all.length, 0)
    subscription.close()
    bus.whisper(whisperOf('unheard').message)
    await heard.only(5)
  }),

  'what one receiver does to an event, a whisper or an answer is not seen by others': onFreshBus(
    async (bus) => {
      const { service, message } = whisperOf('original')
      const [events, whispers] = [new Collector<EventMessage>(), new Collector<Whisper>()]
      const spoiled = new Collector<unknown>()
      bus.subscribeEvents({ service: 'tests' }, (batch) => {
        for (const event of batch) tryToChange(event.data, 'version', 'changed')
        tryToChange(batch, '0', 'changed')
        spoiled.add(batch)
      })
      bus.subscribeEvents({ service: 'tests' }, (batch) => batch.forEach(events.add))
      bus.subscribeWhispers({ service }, (whisper) => {
        tryToChange(whisper.value, 'key', 'changed')
        spoiled.add(whisper)
      })
      bus.subscribeWhispers({ service }, whispers.add)
      await bus.publishEvents([eventOf('stream', 1)])
      bus.whisper(message)
      await spoiled.first(2)
      assert.deepEqual(await events.first(1), [eventOf('stream', 1)])
      assert.deepEqual(await whispers.first(1), [whisperOf('original').message])
    },
  ),

  'a listener that throws takes nothing from the others': onFreshBus(async (bus) => {
    const events = new Collector<EventMessage>()
    bus.subscribeEvents({ service: 'tests' }, () => {
      throw new Error('a careless listener')
    })
    bus.subscribeEvents({ service: 'tests' }, (batch) => batch.forEach(events.add))
    await bus.publishEvents([eventOf('stream', 1)])
    await bus.publishEvents([eventOf('stream', 2)])
    await events.only(2)
  }),

  'while the bus is down, senders are told at once': onFreshBus(async (bus, underTest) => {
    const states: BusState[] = []
    bus.onState((state) => states.push(state))
    assert.equal(bus.state, 'up')
    await underTest.down()
    assert.equal(bus.state, 'down')
    const startedAt = performance.now()
    await assertFault(bus.enqueue(commands, envelopeOf('lost')), 'unavailable', true)
    await assertFault(bus.publishEvents([eventOf('stream', 1)]), 'unavailable', true)
    await assertFault(bus.deadLetters(commands, 1), 'unavailable', true)
    // Whoever waited for the broker would need two seconds for the first alone.
    assert(performance.now() - startedAt < 1_500, 'it took too long to say so')
    await underTest.up()
    assert.equal(bus.state, 'up')
    assert.deepEqual(states, ['down', 'up'])
    const { got } = workOn(bus, commands, 10)
    await enqueueEach(bus, commands, ['after'])
    assert.deepEqual(itemIds(await got.only(1)), ['after'])
  }),

  'what is at most once may be lost while the bus is down, and is no error': onFreshBus(
    async (bus, underTest) => {
      const replies = new Collector<ReplyEnvelope>()
      const inbox = bus.openInbox(replies.add)
      await underTest.down()
      bus.reply(inbox.address, replyTo('lost'))
      bus.whisper(whisperOf('lost').message)
      bus.nudge('tests')
      await underTest.up()
      bus.reply(inbox.address, replyTo('heard'))
      await eventually(
        async () => replies.all.at(-1),
        (reply) => reply?.envelope === 'heard',
      )
    },
  ),

  'what a queue holds survives the bus being down, and so do its consumers': onFreshBus(
    async (bus, underTest) => {
      const { got, consumer } = workOn(bus, commands, 0)
      await enqueueEach(bus, commands, ['held', 'kept'])
      await underTest.down()
      consumer.pull(5)
      await quiet()
      assert.equal(got.all.length, 0)
      await underTest.up()
      assert.deepEqual(itemIds(await got.only(2)), ['held', 'kept'])
    },
  ),
}
