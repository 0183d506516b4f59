import { queueLimits } from '../bus/port.ts'

/**
 * What is wrong with an envelope, in words for the operator; null when it is sound. Only the edge writes envelopes,
 * but another release of it, or a person at a broker's console, may write what can never be handled.
 */
export function malformedReason(envelope: unknown): string | null {
  if (!isObject(envelope)) return 'it is no object'
  const { schema, id, replyTo, replyAs, items } = envelope
  if (schema !== 1) return 'its schema is unknown'
  if (typeof id !== 'string') return 'it has no id'
  if (replyTo !== null && typeof replyTo !== 'string') return 'replyTo is no address'
  if (!Array.isArray(items) || items.length === 0) return 'it has no items'
  if (items.length > queueLimits.itemsPerEnvelopeMax) return 'it has too many items'
  if (replyAs !== undefined && !(items.length === 1 && isPlace(replyAs)))
    return 'replyAs is no place of one item'
  return items.every(isItem) ? null : 'an item is incomplete'
}

function isPlace(replyAs: unknown): boolean {
  if (!isObject(replyAs) || typeof replyAs.envelope !== 'string') return false
  const { index } = replyAs
  return Number.isInteger(index) && Number(index) >= 0 && Number(index) < queueLimits.itemsPerEnvelopeMax
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
