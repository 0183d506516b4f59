import { type Append, eventsAlone, type NewAnswer } from '../port.ts'

/** An append of so many events, and of whatever else is said. */
export function append(stream: string, events: number, parts: Partial<Append> = {}): Append {
  return {
    stream,
    expected: { version: 0 },
    events: Array.from({ length: events }, (_, index) => ({
      type: 'happened',
      data: { number: index, text: 'quote " backslash \\ \u0000 \n ñ 🎲' },
      at: '2025-06-01T12:00:00.120Z',
      by: 'anyone',
    })),
    ...eventsAlone,
    ...parts,
  }
}

/** An answer whose text needs every kind of care. */
export function answer(id: string, versionOffset: number, fingerprint = 'f'.repeat(32)): NewAnswer {
  return { id, fingerprint, answer: { ok: { text: 'a "b" \\ , {} null \n' } }, versionOffset }
}
