import type { NatsServer } from '@matchday/testkit'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import type { BusUnderTest } from '../../conformance.ts'
import { envelopeOf, eventually } from '../../conformance-lab.ts'
import type { Bus, BusState, Queue, QueueLimits } from '../../port.ts'
import { createNatsBus, type NatsBus, type NatsBusOptions } from '../nats-bus.ts'

/** Resolves when the bus says so. */
export function untilState(bus: Bus, state: BusState): Promise<void> {
  if (bus.state === state) return Promise.resolve()
  return new Promise((resolve) => {
    const subscription = bus.onState((now) => {
      if (now !== state) return
      subscription.close()
      resolve()
    })
  })
}

/** A bus that looks after what the conformance checks use. */
export async function openBus(server: NatsServer, options: Partial<NatsBusOptions> = {}): Promise<NatsBus> {
  const bus = createNatsBus({
    servers: [server.url],
    role: 'tests',
    owns: ['tests', 'others', 'tournaments'],
    ...options,
  })
  await untilState(bus, 'up')
  return bus
}

/** Enqueues when there is a queue again. */
export async function enqueueOnceHeld(bus: Bus, queue: Queue, name: string): Promise<void> {
  const envelope = envelopeOf(name)
  const isHeld = () =>
    bus.enqueue(queue, envelope).then(
      () => true,
      () => false,
    )
  await eventually(isHeld, (held) => held)
}

/** Nothing is left of earlier tests. */
export async function deleteStreams(server: NatsServer): Promise<void> {
  const admin = await connect({ servers: server.url })
  const manager = await jetstreamManager(admin)
  const names: string[] = []
  for await (const name of manager.streams.names()) names.push(name)
  for (const name of names) await manager.streams.delete(name)
  await admin.close()
}

/** Makes buses for the conformance checks, on one server, one after the other. */
export async function natsBusUnderTest(
  server: NatsServer,
  limits: Partial<QueueLimits>,
): Promise<BusUnderTest> {
  const bus = await openBus(server, { limits })
  return {
    bus,
    down: async () => {
      await server.kill()
      await untilState(bus, 'down')
    },
    up: async () => {
      await server.start()
      await untilState(bus, 'up')
    },
    dispose: async () => {
      await bus.close()
      await server.start()
      await deleteStreams(server)
    },
  }
}
