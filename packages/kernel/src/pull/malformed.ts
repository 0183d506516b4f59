import { queueLimits } from '../bus/port.ts'

/**
 * What is wrong with an envelope, in words for the operator; null when it is sound. Only the edge writes envelopes,
 * but another release of it, or a person at a broker's console, may write what can never be handled.
 */
export function malformedReason(envelope: unknown): string | null {
  if (!isObject(envelope)) return 'it is no object'
  const { schema, id, replyTo, items } = envelope
  if (schema !== 1) return 'its schema is unknown'
  if (typeof id !== 'string') return 'it has no id'
  if (replyTo !== null && typeof replyTo !== 'string') return 'replyTo is no address'
  if (!Array.isArray(items) || items.length === 0) return 'it has no items'
  if (items.length > queueLimits.itemsPerEnvelopeMax) return 'it has too many items'
  return items.every(isItem) ? null : 'an item is incomplete'
}

function isItem(item: unknown): boolean {
  return (
    isObject(item) &&
    typeof item.id === 'string' &&
    typeof item.operation === 'string' &&
    isObject(item.input) &&
    isObject(item.caller) &&
    typeof item.caller.kind === 'string' &&
    Number.isFinite(item.deadlineAt)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
