import { createHash } from 'node:crypto'
import type { ChangeId } from '@matchday/contracts'
import type { RecordedEvent } from '@matchday/kernel'

/**
 * The id in the changelog of what another service told: always the same for the same event, so that it is there once,
 * whatever is read twice; and a UUIDv7 of the time at which it happened, so that it stands in its place. Within a
 * millisecond events of a stream stand in the order of their versions.
 */
export function changeIdOf(service: string, event: RecordedEvent): ChangeId {
  const hash = createHash('sha256').update(`${service}:${event.stream}:${event.version}`).digest('hex')
  const time = Date.parse(event.at).toString(16).padStart(12, '0')
  const place = (event.version % 0x1000).toString(16).padStart(3, '0')
  const variant = ((Number.parseInt(hash.slice(0, 1), 16) & 0x3) | 0x8).toString(16)
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7${place}-${variant}${hash.slice(1, 4)}-${hash.slice(4, 16)}`
  // Made in the shape of an id just now.
  return id as ChangeId
}
