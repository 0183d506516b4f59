import type { Msg } from '@nats-io/nats-core'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { lanes, type Queue, type Subscription } from '../port.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { BrokerLink } from './link.ts'
import type { NatsLimits } from './nats-limits.ts'
import type { Questions } from './questions.ts'
import { api, consumerName, queueSubject, streamOf } from './subjects.ts'

type ConsumerState = {
  readonly ack_floor?: { readonly stream_seq: number }
  readonly delivered?: { readonly stream_seq: number }
  readonly num_ack_pending?: number
}
type Advisory = { readonly stream_seq: number; readonly deliveries: number }

/** The broker does not tell how often it delivered what it gave up. */
const attemptsUnknown = 0
const leftBehindReason =
  'it was left behind: given up after its last delivery, or done when the broker crashed and forgot it'

export type LeftBehindOptions = {
  readonly services: readonly string[]
  readonly link: BrokerLink
  readonly questions: Questions
  readonly deadLetters: DeadLetters
  readonly limits: NatsLimits
  readonly clock: Clock
  readonly log: Log
}

/**
 * Messages that a queue holds and will give to nobody: after its last delivery the broker says so once, keeps the
 * message, and counts it no more. Whoever looks after the queue moves it to the dead letters, when it is told or, as
 * nobody may have listened then, when it looks.
 */
export class LeftBehind {
  private readonly options: LeftBehindOptions
  private readonly queues: readonly Queue[]
  private readonly subscriptions: readonly Subscription[]
  private sweeping = false

  constructor(options: LeftBehindOptions) {
    this.options = options
    this.queues = options.services.flatMap((service) => lanes.map((lane) => ({ service, lane })))
    this.subscriptions = this.queues.map((queue) =>
      // One of the instances is enough.
      options.link.subscribe(
        api.deliveriesExceeded(streamOf.queue(queue)),
        (message) => this.onAdvisory(queue, message),
        consumerName,
      ),
    )
  }

  close(): void {
    for (const subscription of this.subscriptions) subscription.close()
  }

  /** Never throws; what could not be done now is done the next time. */
  async sweep(): Promise<void> {
    if (this.sweeping) return
    this.sweeping = true
    try {
      for (const queue of this.queues) await this.sweepQueue(queue)
    } catch (error) {
      this.options.log.warn({ err: error }, 'queues could not be looked through')
    } finally {
      this.sweeping = false
    }
  }

  private onAdvisory(queue: Queue, message: Msg): void {
    const { stream_seq: sequence, deliveries } = message.json<Advisory>()
    const reason = `nobody acknowledged it in time, at the last of ${deliveries} deliveries`
    this.options.deadLetters.buryStranded(queue, sequence, deliveries, reason).catch((error: unknown) => {
      this.options.log.warn({ err: error, queue }, 'a dead letter has to wait for the next look')
    })
  }

  /**
   * Up to the ack floor nothing waits and nothing is in work; when nothing at all is in work, up to what was delivered
   * last. What lies there still was given up after its last delivery; or all was done, and the broker lost in a crash
   * that it should take it away. As these can't be told apart, both become dead letters: what was done already has no
   * second effect when it is replayed.
   */
  private async sweepQueue(queue: Queue): Promise<void> {
    const { questions, deadLetters, limits, clock } = this.options
    const stream = streamOf.queue(queue)
    const state = await questions.api<ConsumerState>(api.consumerInfo(stream))
    const floor = (state.num_ack_pending === 0 ? state.delivered : state.ack_floor)?.stream_seq ?? 0
    let next = 1
    for (let seen = 0; seen < limits.sweepMessagesMax && next <= floor; seen++) {
      const message = await deadLetters.message(stream, { seq: next, next_by_subj: queueSubject(queue) })
      if (message === null || message.sequence > floor) return
      next = message.sequence + 1
      if (clock.now() - message.storedAt < limits.leftBehindMs) continue
      await deadLetters.buryStranded(queue, message.sequence, attemptsUnknown, leftBehindReason)
    }
  }
}
