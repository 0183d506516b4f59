import type { EventMessage } from '../../message.ts'
import { eventBatches } from './events.ts'
import type { BrokerLink } from './link.ts'
import type { Questions } from './questions.ts'

/**
 * Publishes events so that the broker says of many at once that it has them: the last message alone asks for an
 * acknowledgement, and its place in the stream tells whether all of them are there. Where it does not (at first, when
 * one was lost, when somebody else has published meanwhile), they are published again with an acknowledgement each; what
 * the broker has already it drops by its id.
 */
export class EventPublisher {
  private readonly link: Pick<BrokerLink, 'publish'>
  private readonly questions: Pick<Questions, 'publish'>
  private readonly messageBytesMax: number
  /** Service → where its stream ended when something was last published here. */
  private readonly ends = new Map<string, number>()

  constructor(
    link: Pick<BrokerLink, 'publish'>,
    questions: Pick<Questions, 'publish'>,
    messageBytesMax: number,
  ) {
    this.link = link
    this.questions = questions
    this.messageBytesMax = messageBytesMax
  }

  /** Resolves when the broker has all of them. Throws what `Questions.publish` throws; then some may be missing. */
  async publish(events: readonly EventMessage[]): Promise<void> {
    const batches = eventBatches(events, this.messageBytesMax)
    const last = batches.at(-1)
    if (last === undefined) return
    const { service } = events.at(-1)!
    const end = this.ends.get(service)
    if (end !== undefined) {
      for (const { subject, payload, messageId } of batches.slice(0, -1)) {
        this.link.publish(subject, payload, undefined, messageId)
      }
      const { seq } = await this.questions.publish(last.subject, last.payload, last)
      this.ends.set(service, seq)
      if (seq === end + batches.length) return
    }
    const taken = await Promise.all(
      batches.map((batch) => this.questions.publish(batch.subject, batch.payload, batch)),
    )
    this.ends.set(service, Math.max(...taken.map(({ seq }) => seq)))
  }
}
