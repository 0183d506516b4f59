import type { Bus, Envelope } from '@matchday/kernel'
import { connect } from '@nats-io/transport-node'

/** Who gets the next message: the instances in turn, or whomever the broker's queue group picks. */
export type PushKind = 'in turn' | 'queue group'

const subject = 'bench.push'
const group = 'instances'

export type PushBus = { readonly bus: Bus; close(): Promise<void> }

/**
 * The usual way: a message is handed to an instance as soon as it comes, over core NATS. Everything else is the real
 * bus, so that whoever asks and whoever answers run the same code as with the queue.
 */
export async function pushBus(real: Bus, url: string, kind: PushKind, instances: number): Promise<PushBus> {
  const connection = await connect({ servers: url })
  let turn = 0
  const next = () => (kind === 'queue group' ? subject : `${subject}.${turn++ % instances}`)
  return {
    bus: {
      ...forwarded(real),
      async enqueue(_queue, envelope) {
        connection.publish(next(), JSON.stringify(envelope))
      },
    },
    close: () => connection.drain(),
  }
}

/** The instance's side: it is handed whatever comes, however much it has to do. */
export async function pushedBus(real: Bus, url: string, kind: PushKind, index: number): Promise<PushBus> {
  const connection = await connect({ servers: url })
  return {
    bus: {
      ...forwarded(real),
      consume(_queue, onDelivery) {
        const inTurn = kind === 'in turn'
        const subscription = connection.subscribe(inTurn ? `${subject}.${index}` : subject, {
          ...(inTurn ? {} : { queue: group }),
          callback: (_error, message) => {
            const envelope = message.json<Envelope>()
            onDelivery({ envelope, attempt: 1, ack() {}, nak() {}, working() {}, terminate() {} })
          },
        })
        return { pull() {}, close: () => subscription.drain() }
      },
    },
    // What was subscribed to is known to the broker before anything is sent.
    close: () => connection.drain(),
  }
}

/** The bus is an object of a class: what it can do is not its own, so it can't be spread. */
export function forwarded(bus: Bus): Bus {
  return {
    name: bus.name,
    get state() {
      return bus.state
    },
    onState: (listener) => bus.onState(listener),
    enqueue: (...given) => bus.enqueue(...given),
    consume: (...given) => bus.consume(...given),
    openInbox: (onReply) => bus.openInbox(onReply),
    reply: (...given) => bus.reply(...given),
    publishEvents: (events) => bus.publishEvents(events),
    subscribeEvents: (...given) => bus.subscribeEvents(...given),
    whisper: (message) => bus.whisper(message),
    subscribeWhispers: (...given) => bus.subscribeWhispers(...given),
    nudge: (service) => bus.nudge(service),
    onNudge: (...given) => bus.onNudge(...given),
    deadLetters: (...given) => bus.deadLetters(...given),
    replayDeadLetter: (...given) => bus.replayDeadLetter(...given),
    dismissDeadLetter: (...given) => bus.dismissDeadLetter(...given),
    close: () => bus.close(),
  }
}
