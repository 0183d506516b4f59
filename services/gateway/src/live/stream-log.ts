import type { Caller } from '@matchday/contracts'
import type { EventMessage, Json, JsonObject, Log } from '@matchday/kernel'
import type { Ask } from './asking.ts'
import type { LiveChannel } from './channel.ts'
import type { LiveLimits } from './limits.ts'

/** One page of a service's log for a channel's stream. */
export type LogPage = {
  readonly epoch: string
  /** Where the stream stood when the page was read. */
  readonly version: number
  /** Consecutive versions, from the one after that which was asked for. */
  readonly events: readonly EventMessage[]
  readonly hasMore: boolean
}
/**
 * Reads as the first of these callers who may. `gone`: there is no such stream, for any of them. `unknown`: ask again
 * later.
 */
export type ReadLog = (
  channel: LiveChannel,
  after: number,
  readers: readonly Caller[],
) => Promise<LogPage | 'gone' | 'unknown'>

/** Reads what happened to a channel's stream from the service itself: what the bus may have lost. */
export function createReadLog(parts: { ask: Ask; limits: LiveLimits; log: Log }): ReadLog {
  async function readAs(channel: LiveChannel, after: number, caller: Caller): ReturnType<ReadLog> {
    const { contract, id } = channel
    const input = { id, after, limit: parts.limits.logPageMax }
    const reply = await parts.ask(contract.log, input, caller)
    // Whatever the service says no with: he may not read it.
    if (reply.kind === 'rejected') return 'gone'
    if (reply.kind !== 'ok') return 'unknown'
    const { body, version, epoch } = reply
    const items = body?.items
    if (version === undefined || epoch === undefined || !Array.isArray(items)) {
      parts.log.error({ operation: contract.log }, 'a log came without items, version or epoch')
      return 'unknown'
    }
    const events: EventMessage[] = []
    for (const item of items) {
      const event = eventOf(item, { service: contract.service, stream: id, epoch })
      if (event?.version !== after + events.length + 1) break
      events.push(event)
    }
    if (events.length !== items.length) {
      parts.log.error({ operation: contract.log }, 'a log had a gap, or no events')
      return 'unknown'
    }
    return { epoch, version, events, hasMore: body?.next !== null }
  }

  return async (channel, after, readers) => {
    for (const caller of readers) {
      const page = await readAs(channel, after, caller)
      if (page !== 'gone') return page
    }
    return 'gone'
  }
}

function eventOf(
  item: Json,
  rest: Pick<EventMessage, 'service' | 'stream' | 'epoch'>,
): EventMessage | undefined {
  if (!isObject(item)) return undefined
  const { version, type, at, data } = item
  if (typeof version !== 'number' || typeof type !== 'string' || typeof at !== 'string') return undefined
  return isObject(data) ? { ...rest, version, type, at, data } : undefined
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
