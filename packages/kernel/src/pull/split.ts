import type { Envelope } from '../message.ts'

/**
 * Envelopes of one item each, for the items whose deadline has not passed, and the places of the others. The ids say
 * where an item comes from, so that splitting the same envelope again makes nothing that the queue doesn't know.
 */
export function splitEnvelope(
  envelope: Envelope,
  now: number,
): { readonly singles: readonly Envelope[]; readonly expired: readonly number[] } {
  const singles: Envelope[] = []
  const expired: number[] = []
  for (const [index, item] of envelope.items.entries()) {
    if (item.deadlineAt <= now) expired.push(index)
    else {
      const replyAs = { envelope: envelope.id, index }
      singles.push({ ...envelope, id: `${envelope.id}.${index}`, replyAs, items: [item] })
    }
  }
  return { singles, expired }
}

/**
 * How often the item of an envelope has been in somebody's hands, this time included: what was split off has been
 * once more than its own deliveries say.
 */
export function triesOf(envelope: Envelope, attempt: number): number {
  return envelope.replyAs === undefined ? attempt : attempt + 1
}

/**
 * Whether a try is only put off by a random time. What a crash took along comes back all at the same moment, an ack
 * wait later, so it would be in the same hands with the item that kills again and again, and die of it. The second
 * try is at once: somebody waits for the answer, and most crashes are no item's fault. The last delivery is never
 * put off: it would be the end.
 */
export function isPutOff(tries: number, attempt: number, deliveriesMax: number): boolean {
  return (tries === 3 || tries === 5) && attempt < deliveriesMax
}
