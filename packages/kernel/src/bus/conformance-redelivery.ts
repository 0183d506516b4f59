import assert from 'node:assert/strict'
import {
  conformanceLimits,
  enqueueEach,
  envelopeOf,
  hold,
  itemIds,
  type LaneChecks,
  onFreshQueue,
  quiet,
  tryToChange,
  workOn,
} from './conformance-lab.ts'

const { ackWaitMs } = conformanceLimits
/** Of what is kept by heartbeats, which a busy machine delays. */
const beatenMs = 800

/** What becomes of deliveries that go wrong, in a lane. */
export const redeliveryChecks: LaneChecks = {
  'what was acknowledged never comes again': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 10)
    await enqueueEach(bus, queue, ['done'])
    await got.first(1)
    await quiet(2 * ackWaitMs)
    await got.only(1)
  }),

  'what was handed back comes again, as the next attempt': onFreshQueue(async (bus, queue) => {
    const handBackOnce = workOn(bus, queue, 10, (delivery) =>
      delivery.attempt === 1 ? delivery.nak() : delivery.ack(),
    )
    await enqueueEach(bus, queue, ['again'])
    const deliveries = await handBackOnce.got.only(2)
    assert.deepEqual(
      deliveries.map((delivery) => delivery.attempt),
      [1, 2],
    )
    assert.deepEqual(itemIds(deliveries), ['again', 'again'])
  }),

  'what was handed back with a delay comes after it, and others meanwhile': onFreshQueue(
    async (bus, queue) => {
      const delayMs = 1_000
      let handedBackAt = 0
      let cameAgainAt = 0
      const { got } = workOn(bus, queue, 10, (delivery) => {
        if (delivery.envelope.items[0]?.id !== 'late') return delivery.ack()
        if (delivery.attempt > 1) {
          cameAgainAt = performance.now()
          return delivery.ack()
        }
        handedBackAt = performance.now()
        delivery.nak(delayMs)
      })
      await enqueueEach(bus, queue, ['late', 'meanwhile'])
      assert.deepEqual(itemIds(await got.only(3)), ['late', 'meanwhile', 'late'])
      // Timers may fire a little early.
      assert(cameAgainAt - handedBackAt >= delayMs - 5, `came after ${cameAgainAt - handedBackAt} ms`)
    },
  ),

  'whatever nobody ends in time goes to somebody else': onFreshQueue(async (bus, queue) => {
    const crashed = workOn(bus, queue, 1, hold)
    await enqueueEach(bus, queue, ['orphan'])
    await crashed.got.first(1)
    const other = workOn(bus, queue, 1)
    const [delivery] = await other.got.only(1)
    assert.equal(delivery?.attempt, 2)
    assert.deepEqual(delivery?.envelope, crashed.got.all[0]?.envelope)
  }),

  'a heartbeat begins the ack wait anew': onFreshQueue(
    async (bus, queue) => {
      const { got } = workOn(bus, queue, 10, hold)
      await enqueueEach(bus, queue, ['long'])
      const [delivery] = await got.first(1)
      for (let beat = 0; beat < 8; beat++) {
        delivery?.working()
        await quiet(beatenMs / 4)
      }
      delivery?.ack()
      await got.only(1)
    },
    { ackWaitMs: beatenMs },
  ),

  'only the first of ack, nak and terminate counts': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 10, (delivery) => {
      delivery.ack()
      delivery.nak()
      delivery.terminate('too late')
      delivery.working()
      delivery.ack()
    })
    await enqueueEach(bus, queue, ['ended'])
    await got.first(1)
    await quiet(2 * ackWaitMs)
    await got.only(1)
    assert.deepEqual(await bus.deadLetters(queue, 10), [])
  }),

  'a delivery that was changed is delivered again as it was sent': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 10, (delivery) => {
      if (delivery.attempt > 1) return delivery.ack()
      const [item] = delivery.envelope.items
      assert(item !== undefined)
      tryToChange(delivery.envelope, 'id', 'changed')
      tryToChange(delivery.envelope.items, '0', 'changed')
      tryToChange(item.input, 'note', 'changed')
      delivery.nak()
    })
    const envelope = envelopeOf('pristine')
    const sent = structuredClone(envelope)
    await bus.enqueue(queue, envelope)
    const deliveries = await got.only(2)
    assert.deepEqual(deliveries[1]?.envelope, sent)
  }),
}
