import assert from 'node:assert/strict'
import type { EventMessage, Whisper } from '../message.ts'
import { type BusCheck, Collector, eventOf, names, onFreshBus, whisperOf } from './conformance-lab.ts'

/** Listening to one stream of many, and waking the other instances of a service. */
export const topicChecks: Readonly<Record<string, BusCheck>> = {
  'who listens to one stream gets its events only, in order': onFreshBus(async (bus) => {
    const [one, two, all, elsewhere] = [
      new Collector<EventMessage>(),
      new Collector<EventMessage>(),
      new Collector<EventMessage>(),
      new Collector<EventMessage>(),
    ]
    bus.subscribeEvents({ service: 'tests', stream: 'one' }, (events) => events.forEach(one.add))
    const second = bus.subscribeEvents({ service: 'tests', stream: 'two' }, (events) =>
      events.forEach(two.add),
    )
    bus.subscribeEvents({ service: 'others', stream: 'one' }, (events) => events.forEach(elsewhere.add))
    bus.subscribeEvents({ service: 'tests' }, (events) => events.forEach(all.add))
    const mixed = Array.from({ length: 20 }, (_, index) => [
      eventOf('one', index + 1),
      eventOf('two', index + 1),
      eventOf('three', index + 1),
    ]).flat()
    await bus.publishEvents(mixed)
    const ofStream = (stream: string) => mixed.filter((event) => event.stream === stream)
    assert.deepEqual(await one.only(20), ofStream('one'))
    assert.deepEqual(await two.only(20), ofStream('two'))
    const inAll = await all.only(60)
    assert.deepEqual(
      inAll.filter((event) => event.stream === 'three'),
      ofStream('three'),
    )
    assert.equal(elsewhere.all.length, 0)
    second.close()
    await bus.publishEvents([eventOf('two', 21), eventOf('one', 21)])
    await one.only(21)
    assert.equal(two.all.length, 20)
  }),

  'who listens to one stream gets its whispers only': onFreshBus(async (bus) => {
    const [one, two] = [new Collector<Whisper>(), new Collector<Whisper>()]
    const { service, message } = whisperOf('any')
    const [name] = message.channel.split(':')
    bus.subscribeWhispers({ service, stream: 'one' }, one.add)
    const second = bus.subscribeWhispers({ service, stream: 'two' }, two.add)
    const sent = names('key', 5).map((key): Whisper => ({ ...message, key, channel: `${name}:one` }))
    for (const each of sent) {
      bus.whisper(each)
      bus.whisper({ ...each, channel: `${name}:two` })
    }
    assert.deepEqual(await one.only(5), sent)
    assert.deepEqual(
      (await two.only(5)).map(({ channel }) => channel),
      Array(5).fill(`${name}:two`),
    )
    second.close()
    bus.whisper({ ...message, channel: `${name}:two` })
    bus.whisper(message)
    await one.only(6)
    assert.equal(two.all.length, 5)
  }),

  'a nudge reaches all who listen for their service, and many in one turn are one': onFreshBus(
    async (bus) => {
      const [one, two, other] = [new Collector<null>(), new Collector<null>(), new Collector<null>()]
      const first = bus.onNudge('tests', () => one.add(null))
      bus.onNudge('tests', () => two.add(null))
      bus.onNudge('others', () => other.add(null))
      for (let times = 0; times < 20; times++) bus.nudge('tests')
      await one.only(1)
      await two.only(1)
      assert.equal(other.all.length, 0)
      first.close()
      bus.nudge('tests')
      await two.only(2)
      assert.equal(one.all.length, 1)
    },
  ),
}
