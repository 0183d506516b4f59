import assert from 'node:assert/strict'
import {
  type BusCheck,
  commands,
  conformanceLimits,
  enqueueEach,
  envelopeOf,
  eventually,
  hold,
  itemIds,
  names,
  onFreshBus,
  queries,
  quiet,
  tryToChange,
  workOn,
} from './conformance-lab.ts'
import type { Bus, DeadLetter } from './port.ts'

const { ackWaitMs, deliveriesMax, deadLettersMax } = conformanceLimits

/** What becomes of deliveries that go wrong. */
export const redeliveryChecks: Readonly<Record<string, BusCheck>> = {
  'what was acknowledged never comes again': onFreshBus(async (bus) => {
    const { got } = workOn(bus, commands, 10)
    await enqueueEach(bus, commands, ['done'])
    await got.first(1)
    await quiet(2 * ackWaitMs)
    await got.only(1)
  }),

  'what was handed back comes again, as the next attempt': onFreshBus(async (bus) => {
    const handBackOnce = workOn(bus, commands, 10, (delivery) =>
      delivery.attempt === 1 ? delivery.nak() : delivery.ack(),
    )
    await enqueueEach(bus, commands, ['again'])
    const deliveries = await handBackOnce.got.only(2)
    assert.deepEqual(
      deliveries.map((delivery) => delivery.attempt),
      [1, 2],
    )
    assert.deepEqual(itemIds(deliveries), ['again', 'again'])
  }),

  'what was handed back with a delay comes after it, and others meanwhile': onFreshBus(async (bus) => {
    const delayMs = 300
    let handedBackAt = 0
    let cameAgainAt = 0
    const { got } = workOn(bus, commands, 10, (delivery) => {
      if (delivery.envelope.items[0]?.id !== 'late') return delivery.ack()
      if (delivery.attempt > 1) {
        cameAgainAt = performance.now()
        return delivery.ack()
      }
      handedBackAt = performance.now()
      delivery.nak(delayMs)
    })
    await enqueueEach(bus, commands, ['late', 'meanwhile'])
    assert.deepEqual(itemIds(await got.only(3)), ['late', 'meanwhile', 'late'])
    // Timers may fire a little early.
    assert(cameAgainAt - handedBackAt >= delayMs - 5, `came after ${cameAgainAt - handedBackAt} ms`)
  }),

  'whatever nobody ends in time goes to somebody else': onFreshBus(async (bus) => {
    const crashed = workOn(bus, commands, 1, hold)
    await enqueueEach(bus, commands, ['orphan'])
    await crashed.got.first(1)
    const other = workOn(bus, commands, 1)
    const [delivery] = await other.got.only(1)
    assert.equal(delivery?.attempt, 2)
    assert.deepEqual(delivery?.envelope, crashed.got.all[0]?.envelope)
  }),

  'a heartbeat begins the ack wait anew': onFreshBus(async (bus) => {
    const { got } = workOn(bus, commands, 10, hold)
    await enqueueEach(bus, commands, ['long'])
    const [delivery] = await got.first(1)
    for (let beat = 0; beat < 8; beat++) {
      delivery?.working()
      await quiet(ackWaitMs / 4)
    }
    delivery?.ack()
    await got.only(1)
  }),

  'only the first of ack, nak and terminate counts': onFreshBus(async (bus) => {
    const { got } = workOn(bus, commands, 10, (delivery) => {
      delivery.ack()
      delivery.nak()
      delivery.terminate('too late')
      delivery.working()
      delivery.ack()
    })
    await enqueueEach(bus, commands, ['ended'])
    await got.first(1)
    await quiet(2 * ackWaitMs)
    await got.only(1)
    assert.deepEqual(await bus.deadLetters(commands, 10), [])
  }),

  'after the last delivery an envelope is a dead letter': onFreshBus(async (bus) => {
    const { got } = workOn(bus, commands, 10, (delivery) => delivery.nak())
    const envelope = envelopeOf('poison')
    await bus.enqueue(commands, envelope)
    const [letter] = await lettersOf(bus, 1)
    await got.only(deliveriesMax)
    assert.deepEqual(letter?.envelope, envelope)
    assert.deepEqual(letter?.queue, commands)
    assert.equal(letter?.attempts, deliveriesMax)
    assert(letter.reason.length > 0)
    assert(!Number.isNaN(Date.parse(letter.at)))
    assert.deepEqual(await bus.deadLetters(queries, 10), [])
  }),

  'an envelope that kills every consumer is a dead letter too': onFreshBus(async (bus) => {
    const { got } = workOn(bus, commands, 10, hold)
    await enqueueEach(bus, commands, ['killer'])
    const [letter] = await lettersOf(bus, 1)
    assert.equal(letter?.attempts, deliveriesMax)
    await got.only(deliveriesMax)
  }),

  'a terminated envelope is a dead letter at once, with the reason': onFreshBus(async (bus) => {
    const { got } = workOn(bus, commands, 10, (delivery) => delivery.terminate('cannot be read'))
    await enqueueEach(bus, commands, ['unreadable'])
    const [letter] = await lettersOf(bus, 1)
    assert.equal(letter?.attempts, 1)
    assert.equal(letter?.reason, 'cannot be read')
    await quiet(2 * ackWaitMs)
    await got.only(1)
  }),

  'dead letters are listed oldest first, and bounded': onFreshBus(async (bus) => {
    workOn(bus, commands, 10, (delivery) => delivery.terminate('no'))
    for (const name of names('dead', deadLettersMax + 2)) {
      await enqueueEach(bus, commands, [name])
      await eventually(
        () => bus.deadLetters(commands, 10),
        (letters) => letters.at(-1)?.envelope.items[0]?.id === name,
      )
    }
    const kept = names('dead', deadLettersMax + 2).slice(2)
    const listed = async (limit: number) =>
      (await bus.deadLetters(commands, limit)).map((letter) => letter.envelope.items[0]?.id)
    assert.deepEqual(await listed(10), kept)
    assert.deepEqual(await listed(2), kept.slice(0, 2))
  }),

  'a replayed dead letter is delivered again, in time to be done': onFreshBus(async (bus) => {
    let isBroken = true
    const { got } = workOn(bus, commands, 10, (delivery) =>
      isBroken ? delivery.terminate('broken') : delivery.ack(),
    )
    const expired = envelopeOf('revived')
    const items = expired.items.map((item) => ({ ...item, deadlineAt: 1 }))
    await bus.enqueue(commands, { ...expired, items })
    await lettersOf(bus, 1)
    isBroken = false
    const before = Date.now()
    assert.equal(await bus.replayDeadLetter(commands, expired.id), true)
    const deliveries = await got.only(2)
    const revived = deliveries[1]?.envelope
    assert.equal(revived?.id, expired.id)
    assert((revived?.items[0]?.deadlineAt ?? 0) > before, 'its deadline has passed')
    await lettersOf(bus, 0)
    assert.equal(await bus.replayDeadLetter(commands, expired.id), false)
    await got.only(2)
  }),

  'a delivery that was changed is delivered again as it was sent': onFreshBus(async (bus) => {
    const { got } = workOn(bus, commands, 10, (delivery) => {
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
    await bus.enqueue(commands, envelope)
    const deliveries = await got.only(2)
    assert.deepEqual(deliveries[1]?.envelope, sent)
  }),
}

function lettersOf(bus: Bus, count: number): Promise<readonly DeadLetter[]> {
  return eventually(
    () => bus.deadLetters(commands, 10),
    (letters) => letters.length === count,
  )
}
