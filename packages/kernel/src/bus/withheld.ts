import { Fault } from '../fault.ts'
import type { Envelope, RequestItem } from '../message.ts'
import { type DeadLetterContent, isWrittenDown, type Queue, queueLimits } from './port.ts'

/** Whatever is no id of ours might be anything, and is not kept either. */
const idPattern = /^[\w.:-]{1,128}$/
const noId = '?'

/** As much of an envelope as its dead letter may hold. Its items may be anything at all. */
export function contentOf(queue: Queue, envelope: Envelope): DeadLetterContent {
  if (isWrittenDown[queue.lane]) return { envelope }
  const items: readonly unknown[] = envelope.items.slice(0, queueLimits.itemsPerEnvelopeMax)
  return { envelope: { schema: 1, id: idIn(envelope.id), items: items.map(idsOf) }, withheld: true }
}

export function withheldFault(envelopeId: string): Fault {
  return new Fault(
    'dead-letter-withheld',
    `What ${envelopeId} asked for was not kept, so it can’t be replayed.`,
    {
      hint: 'What travels in the lanes private and queries is never written down. Whoever asked has to ask again.',
    },
  )
}

function idsOf(item: unknown): Pick<RequestItem, 'id' | 'operation'> {
  const { id, operation }: { id?: unknown; operation?: unknown } = Object(item)
  return { id: idIn(id), operation: idIn(operation) }
}

function idIn(value: unknown): string {
  return typeof value === 'string' && idPattern.test(value) ? value : noId
}
