import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream'
import { isWrittenDown, type Lane, lanes, type QueueLimits } from '../port.ts'
import type { NatsLimits } from './nats-limits.ts'
import { allDeadSubject, allEventsSubject, consumerName, queueSubject, streamOf } from './subjects.ts'

/** What a stream should be like. What is not named here is the broker's choice, and no difference. */
export type WantedStream = Readonly<
  Pick<StreamConfig, 'name' | 'subjects' | 'retention' | 'storage' | 'discard' | 'max_age' | 'max_bytes'> &
    Partial<Pick<StreamConfig, 'max_msg_size'>> &
    Pick<StreamConfig, 'max_msgs' | 'max_msgs_per_subject' | 'duplicate_window' | 'num_replicas'>
> & { readonly consumer?: WantedConsumer }
export type WantedConsumer = Readonly<
  Pick<ConsumerConfig, 'name' | 'durable_name' | 'ack_policy' | 'deliver_policy' | 'replay_policy'> &
    Pick<ConsumerConfig, 'ack_wait' | 'max_deliver' | 'max_ack_pending' | 'max_waiting'>
>

export type StreamLimits = {
  readonly queue: QueueLimits
  readonly nats: NatsLimits
  /** Envelopes that a queue may hold. Null: bounded by bytes alone (see `waiting` below). */
  readonly waitingMax: number | null
  readonly replicas: number
}

const nanoseconds = (milliseconds: number) => milliseconds * 1_000_000

/** The streams of one service, with their consumers. */
export function wantedStreams(service: string, limits: StreamLimits): readonly WantedStream[] {
  return [
    ...lanes.map((lane) => workQueue(service, lane, limits)),
    eventStream(service, limits),
    deadLetters(service, limits),
  ]
}

/**
 * Commands on disk, what is private and queries in memory alone. Bounded by bytes and age and not by count: after a
 * crash of the broker a stream may hold messages for which all is done already, and nobody takes them away but their age.
 */
function workQueue(service: string, lane: Lane, limits: StreamLimits): WantedStream {
  const { queue, nats, waitingMax, replicas } = limits
  return {
    name: streamOf.queue({ service, lane }),
    subjects: [queueSubject({ service, lane })],
    retention: 'workqueue',
    storage: isWrittenDown[lane] ? 'file' : 'memory',
    discard: 'new',
    max_age: nanoseconds(nats.queueAgeMaxMs),
    max_bytes: queue.waitingMax * nats.usualEnvelopeBytes,
    // What is larger could become no dead letter, which is a third larger again where its bytes are kept.
    max_msg_size: queue.envelopeBytesMax + nats.headerBytesMax,
    max_msgs: waitingMax ?? -1,
    max_msgs_per_subject: -1,
    duplicate_window: nanoseconds(queue.duplicateWindowMs),
    num_replicas: replicas,
    consumer: {
      name: consumerName,
      durable_name: consumerName,
      ack_policy: 'explicit',
      deliver_policy: 'all',
      replay_policy: 'instant',
      ack_wait: nanoseconds(queue.ackWaitMs),
      max_deliver: queue.deliveriesMax,
      max_ack_pending: nats.inWorkMax,
      max_waiting: nats.pullsWaitingMax,
    },
  }
}

/**
 * Who listens now gets events from the broker's core, and who was away reads the service's own log. The stream says
 * that the broker has them, and drops what is published twice; so a moment of them, in memory, will do.
 */
function eventStream(service: string, { queue, nats, replicas }: StreamLimits): WantedStream {
  return {
    name: streamOf.events(service),
    subjects: [allEventsSubject(service)],
    retention: 'limits',
    storage: 'memory',
    discard: 'old',
    max_age: nanoseconds(nats.eventsAgeMaxMs),
    max_bytes: nats.eventsBytesMax,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    // A stream remembers ids for no longer than what it holds.
    duplicate_window: nanoseconds(Math.min(queue.duplicateWindowMs, nats.eventsAgeMaxMs)),
    num_replicas: replicas,
  }
}

function deadLetters(service: string, { queue, nats, replicas }: StreamLimits): WantedStream {
  return {
    name: streamOf.dead(service),
    subjects: [allDeadSubject(service)],
    retention: 'limits',
    storage: 'file',
    discard: 'old',
    max_age: nanoseconds(nats.deadAgeMaxMs),
    max_bytes: nats.deadBytesMax,
    max_msgs: -1,
    max_msgs_per_subject: queue.deadLettersMax,
    duplicate_window: nanoseconds(queue.duplicateWindowMs),
    num_replicas: replicas,
  }
}
