import assert from 'node:assert/strict'
import {
  assertFault,
  conformanceLimits,
  enqueueEach,
  envelopeOf,
  eventually,
  hold,
  itemIds,
  type LaneChecks,
  names,
  onFreshQueue,
  quiet,
  workOn,
} from './conformance-lab.ts'
import { lanes, type Queue, queueLimits } from './port.ts'

/** For checks of what is in work; nothing comes again meanwhile. */
const longAckWaitMs = 10_000

/** How the work queues of a lane take and hand out envelopes. */
export const queueChecks: LaneChecks = {
  'envelopes are delivered first in the order in which they arrived': onFreshQueue(async (bus, queue) => {
    const sent = names('order', 20)
    await enqueueEach(bus, queue, sent)
    const { got } = workOn(bus, queue, 40)
    assert.deepEqual(itemIds(await got.only(20)), sent)
    assert(got.all.every((delivery) => delivery.attempt === 1))
  }),

  'envelopes sent without waiting keep their order too': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 40)
    const sent = names('burst', 20)
    await Promise.all(sent.map((name) => bus.enqueue(queue, envelopeOf(name))))
    assert.deepEqual(itemIds(await got.only(20)), sent)
  }),

  'an envelope arrives as it was sent, with up to 16 items': onFreshQueue(async (bus, queue) => {
    const envelope = {
      ...envelopeOf(...names('item', queueLimits.itemsPerEnvelopeMax)),
      replyTo: 'somewhere',
    }
    const sent = structuredClone(envelope)
    await bus.enqueue(queue, envelope)
    const [delivery] = await workOn(bus, queue, 1).got.only(1)
    assert.deepEqual(delivery?.envelope, sent)
  }),

  'an envelope of 17 items is refused': onFreshQueue(async (bus, queue) => {
    const tooMany = envelopeOf(...names('item', queueLimits.itemsPerEnvelopeMax + 1))
    await assertFault(bus.enqueue(queue, tooMany), 'payload-too-large', false)
    await workOn(bus, queue, 1).got.only(0)
  }),

  'an envelope of too many bytes is refused, whatever its characters': onFreshQueue(async (bus, queue) => {
    const half = Math.ceil(queueLimits.envelopeBytesMax / 2)
    for (const text of ['a'.repeat(2 * half), 'é'.repeat(half)]) {
      const envelope = envelopeOf('large')
      const [item] = envelope.items
      assert(item !== undefined)
      const large = { ...envelope, items: [{ ...item, input: { text } }] }
      await assertFault(bus.enqueue(queue, large), 'payload-too-large', false)
    }
    await workOn(bus, queue, 1).got.only(0)
  }),

  'an envelope of nearly the most bytes gets through': onFreshQueue(async (bus, queue) => {
    const envelope = envelopeOf('large')
    const [item] = envelope.items
    assert(item !== undefined)
    const text = 'a'.repeat(queueLimits.envelopeBytesMax - 2_000)
    await bus.enqueue(queue, { ...envelope, items: [{ ...item, input: { text } }] })
    const [delivery] = await workOn(bus, queue, 1).got.only(1)
    assert.equal(delivery?.envelope.items[0]?.input.text, text)
  }),

  'consumers compete: each envelope goes to exactly one of them': onFreshQueue(async (bus, queue) => {
    const workers = [workOn(bus, queue, 20), workOn(bus, queue, 20), workOn(bus, queue, 20)]
    const sent = names('shared', 20)
    await enqueueEach(bus, queue, sent)
    const received = () => workers.flatMap((worker) => itemIds(worker.got.all))
    await eventually(
      async () => received().length,
      (count) => count >= sent.length,
    )
    await quiet()
    assert.deepEqual(received().toSorted(), sent.toSorted())
  }),

  'nobody is given more than he asked for': onFreshQueue(async (bus, queue) => {
    const { got, consumer } = workOn(bus, queue, 2, hold)
    await enqueueEach(bus, queue, names('credit', 6))
    await got.only(2)
    // Ending a delivery is no credit: only a pull is.
    got.all[0]?.ack()
    await got.only(2)
    consumer.pull(3)
    await got.only(5)
  }),

  'work waits for whoever has credits': onFreshQueue(
    async (bus, queue) => {
      const busy = workOn(bus, queue, 1, hold)
      await enqueueEach(bus, queue, ['first'])
      await busy.got.first(1)
      const idle = workOn(bus, queue, 5)
      await enqueueEach(bus, queue, ['second', 'third'])
      assert.deepEqual(itemIds(await idle.got.only(2)), ['second', 'third'])
      await busy.got.only(1)
    },
    { ackWaitMs: longAckWaitMs },
  ),

  'what comes before the first consumer waits for it': onFreshQueue(async (bus, queue) => {
    await enqueueEach(bus, queue, ['early'])
    await quiet()
    assert.deepEqual(itemIds(await workOn(bus, queue, 1).got.only(1)), ['early'])
  }),

  'a second envelope with the same id is dropped, also after the first was done': onFreshQueue(
    async (bus, queue) => {
      const envelope = envelopeOf('once')
      await bus.enqueue(queue, envelope)
      await bus.enqueue(queue, envelope)
      const { got } = workOn(bus, queue, 10)
      await got.only(1)
      await bus.enqueue(queue, structuredClone(envelope))
      await got.only(1)
    },
  ),

  'a full queue refuses at once, and takes more when there is room': onFreshQueue(async (bus, queue) => {
    const sent = names('full', conformanceLimits.waitingMax)
    await enqueueEach(bus, queue, sent)
    await assertFault(bus.enqueue(queue, envelopeOf('too much')), 'overloaded', true)
    const { got, consumer } = workOn(bus, queue, conformanceLimits.waitingMax)
    await got.only(conformanceLimits.waitingMax)
    consumer.pull(1)
    await enqueueEach(bus, queue, ['after'])
    assert.deepEqual(itemIds(await got.only(sent.length + 1)), [...sent, 'after'])
  }),

  'an envelope that a full queue refused may be sent again': onFreshQueue(async (bus, queue) => {
    await enqueueEach(bus, queue, names('full', conformanceLimits.waitingMax))
    const refused = envelopeOf('refused')
    await assertFault(bus.enqueue(queue, refused), 'overloaded', true)
    const { got } = workOn(bus, queue, 2 * conformanceLimits.waitingMax)
    // A broker takes a moment to make the room that an ack gives.
    await got.only(conformanceLimits.waitingMax)
    await bus.enqueue(queue, refused)
    assert(itemIds(await got.only(conformanceLimits.waitingMax + 1)).includes('refused'))
  }),

  'lanes and services are independent: a full one keeps no other from its work': onFreshQueue(
    async (bus, queue) => {
      await enqueueEach(bus, queue, names('writes', conformanceLimits.waitingMax))
      const others: readonly Queue[] = [
        { ...queue, service: 'others' },
        ...lanes.filter((lane) => lane !== queue.lane).map((lane) => ({ ...queue, lane })),
      ]
      for (const other of others) {
        const name = `${other.service} ${other.lane}`
        await enqueueEach(bus, other, [name])
        assert.deepEqual(itemIds(await workOn(bus, other, 9).got.only(1)), [name])
      }
    },
  ),

  'a consumer that closes leaves what it was not given to the others': onFreshQueue(async (bus, queue) => {
    const leaving = workOn(bus, queue, 10)
    await leaving.consumer.close()
    leaving.consumer.pull(10)
    await enqueueEach(bus, queue, names('left', 5))
    await leaving.got.only(0)
    assert.deepEqual(itemIds(await workOn(bus, queue, 10).got.only(5)), names('left', 5))
    await leaving.got.only(0)
  }),

  'a consumer that closed may still end what it holds': onFreshQueue(async (bus, queue) => {
    const leaving = workOn(bus, queue, 1, hold)
    await enqueueEach(bus, queue, ['held'])
    const [held] = await leaving.got.first(1)
    await leaving.consumer.close()
    const other = workOn(bus, queue, 10)
    held?.ack()
    await quiet(2 * conformanceLimits.ackWaitMs)
    await other.got.only(0)
  }),

  'sending that was called off fails': onFreshQueue(async (bus, queue) => {
    await assertFault(bus.enqueue(queue, envelopeOf('off'), AbortSignal.abort()), 'timed-out', true)
    await workOn(bus, queue, 1).got.only(0)
  }),
}
