import { Fault } from '../../fault.ts'
import type { EventMessage } from '../../message.ts'
import { eventsSubject } from './subjects.ts'

export type EventBatch = { readonly subject: string; readonly messageId: string; readonly payload: Buffer }

type Group = { readonly first: EventMessage; readonly texts: string[]; last: EventMessage; bytes: number }

/**
 * Events as they travel: those of one stream that follow each other go in one message, as a JSON array, up to
 * `bytesMax`; one that is larger goes alone. The id says which events these are, so that the same batch published
 * again is dropped.
 */
export function eventBatches(events: readonly EventMessage[], bytesMax: number): readonly EventBatch[] {
  const groups: Group[] = []
  for (const event of events) {
    const text = JSON.stringify(event)
    const bytes = Buffer.byteLength(text) + 1
    const open = groups.at(-1)
    if (open === undefined || !follows(open.last, event) || open.bytes + bytes > bytesMax) {
      groups.push({ first: event, last: event, texts: [text], bytes })
      continue
    }
    open.texts.push(text)
    open.bytes += bytes
    open.last = event
  }
  return groups.map(({ first, last, texts }) => ({
    subject: eventsSubject(first.service, first.stream),
    messageId: `${headerSafe(first.epoch)}.${first.stream}.${first.version}-${last.version}`,
    payload: Buffer.from(`[${texts.join(',')}]`),
  }))
}

/** Null for what is no batch: somebody else published there. */
export function eventsIn(payload: Uint8Array): readonly EventMessage[] | null {
  const parsed = jsonIn(payload)
  return Array.isArray(parsed) ? parsed : null
}

/** What is in a message; undefined when it is no JSON. */
export function jsonIn(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8'))
  } catch {
    return undefined
  }
}

function follows(last: EventMessage, next: EventMessage): boolean {
  return last.stream === next.stream && last.service === next.service && last.epoch === next.epoch
}

const headerPattern = /^[\x21-\x7e]{1,256}$/

/** An id that becomes a header: a line break in it would begin another one. */
export function headerSafe(value: string): string {
  if (headerPattern.test(value)) return value
  throw new Fault(
    'invalid-message',
    `Not an id that may travel in a header: ${JSON.stringify(value.slice(0, 80))}`,
  )
}
