import assert from 'node:assert/strict'
import {
  assertFault,
  type BusCheck,
  commands,
  conformanceLimits,
  enqueueEach,
  envelopeOf,
  hold,
  itemIds,
  names,
  onFreshBus,
  queries,
  quiet,
  workOn,
} from './conformance-lab.ts'
import { queueLimits } from './port.ts'

/** How work queues take and hand out envelopes. */
export const queueChecks: Readonly<Record<string, BusCheck>> = {
  'envelopes are delivered first in the order in which they arrived': onFreshBus(async (bus) => {
    const sent = names('order', 20)
    await enqueueEach(bus, commands, sent)
    const { got } = workOn(bus, commands, 40)
    assert.deepEqual(itemIds(await got.only(20)), sent)
    assert(got.all.every((delivery) => delivery.attempt === 1))
  }),

  'envelopes sent without waiting keep their order too': onFreshBus(async (bus) => {
    const { got } = workOn(bus, commands, 40)
    const sent = names('burst', 20)
    await Promise.all(sent.map((name) => bus.enqueue(commands, envelopeOf(name))))
    assert.deepEqual(itemIds(await got.only(20)), sent)
  }),

  'an envelope arrives as it was sent, with up to 16 items': onFreshBus(async (bus) => {
    const envelope = {
      ...envelopeOf(...names('item', queueLimits.itemsPerEnvelopeMax)),
      replyTo: 'somewhere',
    }
    const sent = structuredClone(envelope)
    await bus.enqueue(commands, envelope)
    const [delivery] = await workOn(bus, commands, 1).got.only(1)
    assert.deepEqual(delivery?.envelope, sent)
  }),

  'an envelope of 17 items is refused': onFreshBus(async (bus) => {
    const tooMany = envelopeOf(...names('item', queueLimits.itemsPerEnvelopeMax + 1))
    await assertFault(bus.enqueue(commands, tooMany), 'payload-too-large', false)
    await workOn(bus, commands, 1).got.only(0)
  }),

  'an envelope of too many bytes is refused, whatever its characters': onFreshBus(async (bus) => {
    const half = Math.ceil(queueLimits.envelopeBytesMax / 2)
    for (const text of ['a'.repeat(2 * half), 'é'.repeat(half)]) {
      const envelope = envelopeOf('large')
      const [item] = envelope.items
      assert(item !== undefined)
      const large = { ...envelope, items: [{ ...item, input: { text } }] }
      await assertFault(bus.enqueue(commands, large), 'payload-too-large', false)
    }
    await workOn(bus, commands, 1).got.only(0)
  }),

  'an envelope of nearly the most bytes gets through': onFreshBus(async (bus) => {
    const envelope = envelopeOf('large')
    const [item] = envelope.items
    assert(item !== undefined)
    const text = 'a'.repeat(queueLimits.envelopeBytesMax - 2_000)
    await bus.enqueue(commands, { ...envelope, items: [{ ...item, input: { text } }] })
    const [delivery] = await workOn(bus, commands, 1).got.only(1)
    assert.equal(delivery?.envelope.items[0]?.input.text, text)
  }),

  'consumers compete: each envelope goes to exactly one of them': onFreshBus(async (bus) => {
    const workers = [workOn(bus, commands, 20), workOn(bus, commands, 20), workOn(bus, commands, 20)]
    const sent = names('shared', 20)
    await enqueueEach(bus, commands, sent)
    await quiet()
    const received = workers.flatMap((worker) => itemIds(worker.got.all))
    assert.deepEqual(received.toSorted(), sent.toSorted())
  }),

  'nobody is given more than he asked for': onFreshBus(async (bus) => {
    const { got, consumer } = workOn(bus, commands, 2, hold)
    await enqueueEach(bus, commands, names('credit', 6))
    await got.only(2)
    // Ending a delivery is no credit: only a pull is.
    got.all[0]?.ack()
    await got.only(2)
    consumer.pull(3)
    await got.only(5)
  }),

  'work waits for whoever has credits': onFreshBus(async (bus) => {
    const busy = workOn(bus, commands, 1, hold)
    await enqueueEach(bus, commands, ['first'])
    await busy.got.first(1)
    const idle = workOn(bus, commands, 5)
    await enqueueEach(bus, commands, ['second', 'third'])
    assert.deepEqual(itemIds(await idle.got.only(2)), ['second', 'third'])
    await busy.got.only(1)
  }),

  'what comes before the first consumer waits for it': onFreshBus(async (bus) => {
    await enqueueEach(bus, commands, ['early'])
    await quiet()
    assert.deepEqual(itemIds(await workOn(bus, commands, 1).got.only(1)), ['early'])
  }),

  'a second envelope with the same id is dropped, also after the first was done': onFreshBus(async (bus) => {
    const envelope = envelopeOf('once')
    await bus.enqueue(commands, envelope)
    await bus.enqueue(commands, envelope)
    const { got } = workOn(bus, commands, 10)
    await got.only(1)
    await bus.enqueue(commands, structuredClone(envelope))
    await got.only(1)
  }),

  'a full queue refuses at once, and takes more when there is room': onFreshBus(async (bus) => {
    const sent = names('full', conformanceLimits.waitingMax)
    await enqueueEach(bus, commands, sent)
    await assertFault(bus.enqueue(commands, envelopeOf('too much')), 'overloaded', true)
    const { got, consumer } = workOn(bus, commands, conformanceLimits.waitingMax)
    await got.only(conformanceLimits.waitingMax)
    consumer.pull(1)
    await enqueueEach(bus, commands, ['after'])
    assert.deepEqual(itemIds(await got.only(sent.length + 1)), [...sent, 'after'])
  }),

  'an envelope that a full queue refused may be sent again': onFreshBus(async (bus) => {
    await enqueueEach(bus, commands, names('full', conformanceLimits.waitingMax))
    const refused = envelopeOf('refused')
    await assertFault(bus.enqueue(commands, refused), 'overloaded', true)
    const { got } = workOn(bus, commands, 2 * conformanceLimits.waitingMax)
    // A broker takes a moment to make the room that an ack gives.
    await got.only(conformanceLimits.waitingMax)
    await bus.enqueue(commands, refused)
    assert(itemIds(await got.only(conformanceLimits.waitingMax + 1)).includes('refused'))
  }),

  'lanes and services are independent: a full one keeps no other from its work': onFreshBus(async (bus) => {
    await enqueueEach(bus, commands, names('writes', conformanceLimits.waitingMax))
    const others = { ...commands, service: 'others' }
    await enqueueEach(bus, queries, ['read'])
    await enqueueEach(bus, others, ['elsewhere'])
    assert.deepEqual(itemIds(await workOn(bus, queries, 9).got.only(1)), ['read'])
    assert.deepEqual(itemIds(await workOn(bus, others, 9).got.only(1)), ['elsewhere'])
  }),

  'a consumer that closes leaves what it was not given to the others': onFreshBus(async (bus) => {
    const leaving = workOn(bus, commands, 10)
    await leaving.consumer.close()
    leaving.consumer.pull(10)
    await enqueueEach(bus, commands, names('left', 5))
    await leaving.got.only(0)
    assert.deepEqual(itemIds(await workOn(bus, commands, 10).got.only(5)), names('left', 5))
    await leaving.got.only(0)
  }),

  'a consumer that closed may still end what it holds': onFreshBus(async (bus) => {
    const leaving = workOn(bus, commands, 1, hold)
    await enqueueEach(bus, commands, ['held'])
    const [held] = await leaving.got.first(1)
    await leaving.consumer.close()
    const other = workOn(bus, commands, 10)
    held?.ack()
    await quiet(2 * conformanceLimits.ackWaitMs)
    await other.got.only(0)
  }),

  'sending that was called off fails': onFreshBus(async (bus) => {
    await assertFault(bus.enqueue(commands, envelopeOf('off'), AbortSignal.abort()), 'timed-out', true)
    await workOn(bus, commands, 1).got.only(0)
  }),
}
