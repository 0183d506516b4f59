import { eventsPerAnswerMax } from '@matchday/contracts'
import { jsonBytes } from '../bus/json-size.ts'
import type { Reply, RequestItem } from '../message.ts'
import type { Checkpoint, RecordedEvent, Store } from '../store/port.ts'

export const readEventsLimits = {
  /** Of the events in one answer, in JSON: half of the largest message of a broker. A larger event goes alone. */
  answerBytesMax: 512 * 1024,
} as const

/** `checkpoint`: where the last one stands; null only of another epoch. */
export type SourceBatch = {
  readonly events: readonly RecordedEvent[]
  readonly checkpoint: Checkpoint | null
  readonly isFull: boolean
  readonly epoch: string
}

/** Matches `readEventsOf` of the contracts, which every service answers without doing anything for it. */
const operation = 'readEvents'
type Log = Pick<Store, 'epoch' | 'read'>
type Asked = { readonly after: Checkpoint | null; readonly limit: number; readonly types?: readonly string[] }
type Handle = (item: RequestItem) => Promise<Reply>

/** Answers what followers ask; everything else is for `handle`. */
export function answeringReadEvents(log: Log, handle: Handle): Handle {
  return (item) => (item.operation === operation ? answer(log, item) : handle(item))
}

async function answer(log: Log, { caller, input }: RequestItem): Promise<Reply> {
  // Events say who caused them, which is not for everybody.
  if (caller.kind !== 'service') return { kind: 'rejected', code: 'not-allowed' }
  // Only services ask, by the contract that types this.
  const { after, limit, types } = input as Asked
  const batch = await readLog(log, after, Math.min(limit, eventsPerAnswerMax), types)
  return { kind: 'ok', body: batch }
}

/** Events after a place; of a place of another epoch it says no more than the epoch that it is now. */
export async function readLog(
  log: Log,
  after: Checkpoint | null,
  limit: number,
  types?: readonly string[],
): Promise<SourceBatch> {
  const { epoch } = log
  if (after !== null && after.epoch !== epoch) return { events: [], checkpoint: null, isFull: false, epoch }
  const batch = await log.read(after, limit, types)
  const fitting = countFitting(batch.events)
  // A place is known of the end of what was read, so what fits is read alone: the order never changes.
  if (fitting === batch.events.length) return { ...batch, epoch }
  return { ...(await log.read(after, fitting, types)), epoch }
}

function countFitting(events: readonly RecordedEvent[]): number {
  const { answerBytesMax } = readEventsLimits
  let bytes = 0
  for (const [index, event] of events.entries()) {
    bytes += 1 + jsonBytes(event, answerBytesMax / eventsPerAnswerMax)
    if (bytes > answerBytesMax) return Math.max(1, index)
  }
  return events.length
}
