import assert from 'node:assert/strict'
import {
  assertFault,
  conformanceLimits,
  enqueueEach,
  envelopeOf,
  eventually,
  hold,
  type LaneChecks,
  names,
  onFreshQueue,
  quiet,
  workOn,
} from './conformance-lab.ts'
import { type Bus, type DeadLetter, lanes, type Queue } from './port.ts'

const { ackWaitMs, deliveriesMax, deadLettersMax } = conformanceLimits

/** What becomes of envelopes of a lane that are given up. */
export const deadLetterChecks: LaneChecks = {
  'after the last delivery an envelope is a dead letter': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 10, (delivery) => delivery.nak())
    const envelope = envelopeOf('poison', 'neighbour')
    await bus.enqueue(queue, envelope)
    const [letter] = await lettersOf(bus, queue, 1)
    await got.only(deliveriesMax)
    assert.equal(letter?.envelope.id, envelope.id)
    const ids = letter.envelope.items.map(({ id, operation }) => [id, operation])
    assert.deepEqual(ids, [
      ['poison', 'testing'],
      ['neighbour', 'testing'],
    ])
    assert.deepEqual(letter.queue, queue)
    assert.equal(letter.attempts, deliveriesMax)
    assert(letter.reason.length > 0)
    assert(!Number.isNaN(Date.parse(letter.at)))
    for (const lane of lanes.filter((each) => each !== queue.lane)) {
      assert.deepEqual(await bus.deadLetters({ ...queue, lane }, 10), [])
    }
  }),

  'an envelope that kills every consumer is a dead letter too': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 10, hold)
    await enqueueEach(bus, queue, ['killer'])
    const [letter] = await lettersOf(bus, queue, 1)
    assert.equal(letter?.attempts, deliveriesMax)
    await got.only(deliveriesMax)
  }),

  'a terminated envelope is a dead letter at once, with the reason': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 10, (delivery) => delivery.terminate('cannot be read'))
    await enqueueEach(bus, queue, ['unreadable'])
    const [letter] = await lettersOf(bus, queue, 1)
    assert.equal(letter?.attempts, 1)
    assert.equal(letter?.reason, 'cannot be read')
    await quiet(2 * ackWaitMs)
    await got.only(1)
  }),

  'dead letters are listed oldest first, and bounded': onFreshQueue(async (bus, queue) => {
    workOn(bus, queue, 10, (delivery) => delivery.terminate('no'))
    for (const name of names('dead', deadLettersMax + 2)) {
      await enqueueEach(bus, queue, [name])
      await eventually(
        () => bus.deadLetters(queue, 10),
        (letters) => letters.at(-1)?.envelope.items[0]?.id === name,
      )
    }
    const kept = names('dead', deadLettersMax + 2).slice(2)
    const listed = async (limit: number) =>
      (await bus.deadLetters(queue, limit)).map((letter) => letter.envelope.items[0]?.id)
    assert.deepEqual(await listed(10), kept)
    assert.deepEqual(await listed(2), kept.slice(0, 2))
  }),

  'a dismissed dead letter is gone, and no other': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 10, (delivery) => delivery.terminate('no'))
    const [kept, dismissed] = [envelopeOf('kept'), envelopeOf('dismissed')]
    for (const envelope of [kept, dismissed]) await bus.enqueue(queue, envelope)
    await lettersOf(bus, queue, 2)
    assert.equal(await bus.dismissDeadLetter(queue, dismissed.id), true)
    assert.equal(await bus.dismissDeadLetter(queue, dismissed.id), false)
    const [left] = await lettersOf(bus, queue, 1)
    assert.equal(left?.envelope.id, kept.id)
    await got.only(2)
  }),
}

/** Where the whole envelope is kept. */
export const keptLetterChecks: LaneChecks = {
  'a dead letter of a lane that is written down holds the whole envelope': onFreshQueue(
    async (bus, queue) => {
      workOn(bus, queue, 10, (delivery) => delivery.terminate('broken'))
      const envelope = envelopeOf('kept')
      await bus.enqueue(queue, envelope)
      const [letter] = await lettersOf(bus, queue, 1)
      assert.deepEqual(letter?.envelope, envelope)
      assert.equal(letter?.withheld, undefined)
    },
  ),

  'a replayed dead letter is delivered again, in time to be done': onFreshQueue(async (bus, queue) => {
    let isBroken = true
    const { got } = workOn(bus, queue, 10, (delivery) =>
      isBroken ? delivery.terminate('broken') : delivery.ack(),
    )
    const expired = envelopeOf('revived')
    const items = expired.items.map((item) => ({ ...item, deadlineAt: 1 }))
    await bus.enqueue(queue, { ...expired, items })
    await lettersOf(bus, queue, 1)
    isBroken = false
    const before = Date.now()
    assert.equal(await bus.replayDeadLetter(queue, expired.id), true)
    const deliveries = await got.only(2)
    const revived = deliveries[1]?.envelope
    assert.equal(revived?.id, expired.id)
    assert((revived?.items[0]?.deadlineAt ?? 0) > before, 'its deadline has passed')
    await lettersOf(bus, queue, 0)
    assert.equal(await bus.replayDeadLetter(queue, expired.id), false)
    await got.only(2)
  }),
}

/** Where it must not be. */
export const withheldLetterChecks: LaneChecks = {
  'a dead letter of a lane that is not written down keeps ids and operations alone': onFreshQueue(
    async (bus, queue) => {
      workOn(bus, queue, 10, (delivery) => delivery.terminate('broken'))
      const envelope = { ...envelopeOf('one', 'two'), replyTo: 'somewhere' }
      await bus.enqueue(queue, envelope)
      const [letter] = await lettersOf(bus, queue, 1)
      const items = ['one', 'two'].map((id) => ({ id, operation: 'testing' }))
      assert.deepEqual(letter?.envelope, { schema: 1, id: envelope.id, items })
      assert.equal(letter?.withheld, true)
    },
  ),

  'a dead letter whose input was not kept is not replayed': onFreshQueue(async (bus, queue) => {
    const { got } = workOn(bus, queue, 10, (delivery) => delivery.terminate('broken'))
    const envelope = envelopeOf('withheld')
    await bus.enqueue(queue, envelope)
    await lettersOf(bus, queue, 1)
    await assertFault(bus.replayDeadLetter(queue, envelope.id), 'dead-letter-withheld', false)
    assert.equal(await bus.replayDeadLetter(queue, 'another'), false)
    await lettersOf(bus, queue, 1)
    await got.only(1)
  }),
}

function lettersOf(bus: Bus, queue: Queue, count: number): Promise<readonly DeadLetter[]> {
  return eventually(
    () => bus.deadLetters(queue, 10),
    (letters) => letters.length === count,
  )
}
