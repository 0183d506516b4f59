import { Fault } from '../../fault.ts'
import type { Envelope } from '../../message.ts'
import type { Queue, QueueLimits } from '../port.ts'
import { headerSafe } from './events.ts'
import type { Questions } from './questions.ts'
import { queueSubject } from './subjects.ts'

/** Puts an envelope on its stream; resolves when the broker has it. See `Bus.enqueue`. */
export async function writeToQueue(
  questions: Questions,
  limits: QueueLimits,
  queue: Queue,
  envelope: Envelope,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { itemsPerEnvelopeMax, envelopeBytesMax } = limits
  if (envelope.items.length > itemsPerEnvelopeMax) {
    throw new Fault('payload-too-large', `An envelope holds at most ${itemsPerEnvelopeMax} items`)
  }
  const payload = Buffer.from(JSON.stringify(envelope))
  if (payload.length > envelopeBytesMax) {
    throw new Fault('payload-too-large', `An envelope holds at most ${envelopeBytesMax} bytes`)
  }
  await questions.publish(queueSubject(queue), payload, { messageId: headerSafe(envelope.id), signal })
}
