import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventMessage } from '../../message.ts'
import { Collector, enqueueEach, eventOf, eventually, hold, itemIds, workOn } from '../conformance-lab.ts'
import { lanes } from '../port.ts'
import type { NatsBus } from './nats-bus.ts'
import { deleteStreams, openBus } from './testing/broker-lab.ts'

/** Names that differ by no more than a dash, or what follows it: none hears of another. */
const services = ['identity', 'identity-staff', 'identity-players'] as const

let server: NatsServer
let bus: NatsBus
beforeAll(async () => {
  server = await startNatsServer()
  bus = await openBus(server, {
    role: 'identity',
    owns: services,
    limits: { ackWaitMs: 500, deliveriesMax: 2 },
  })
})
afterAll(async () => {
  await bus.close()
  await deleteStreams(server)
  await server.dispose()
})

describe('services with a dash in their names', () => {
  it('have streams of their own, as wanted', () => {
    expect(bus.differences).toEqual([])
  })

  it.each(lanes)('are given their own work in the lane %s, and their own dead letters', async (lane) => {
    for (const service of services) await enqueueEach(bus, { service, lane }, [`work-${service}`])
    for (const service of services) {
      const worker = workOn(bus, { service, lane }, 9)
      expect(itemIds(await worker.got.only(1))).toEqual([`work-${service}`])
      await worker.consumer.close()
    }
    for (const service of services) {
      const queue = { service, lane }
      const crashed = workOn(bus, queue, 9, hold)
      await enqueueEach(bus, queue, [`killer-${service}`])
      const [letter] = await eventually(
        () => bus.deadLetters(queue, 9),
        (letters) => letters.length > 0,
      )
      expect(letter?.envelope.items).toMatchObject([{ id: `killer-${service}` }])
      await crashed.consumer.close()
    }
  })

  it('publish and nudge for themselves', async () => {
    const heard = services.map((service) => {
      const events = new Collector<EventMessage>()
      const nudges = new Collector<null>()
      bus.subscribeEvents({ service }, (batch) => batch.forEach(events.add))
      bus.onNudge(service, () => nudges.add(null))
      return { service, events, nudges }
    })
    const sent = services.map((service) => eventOf('stream', 1, service))
    await bus.publishEvents(sent)
    for (const service of services) bus.nudge(service)
    for (const [index, { events, nudges }] of heard.entries()) {
      expect(await events.only(1)).toEqual([sent[index]])
      await nudges.only(1)
    }
  })

  it('are answered at the inbox of their role', async () => {
    const answers = new Collector<unknown>()
    const inbox = bus.openInbox(answers.add)
    expect(inbox.address).toMatch(/^reply\.identity\./)
    bus.reply(inbox.address, { schema: 1, envelope: 'one', replies: [] })
    await answers.only(1)
  })
})
