import type { Json } from '../message.ts'
import type { Append, NewAnswer, NewEvent } from './port.ts'

/**
 * The arguments of `append_events`, in its order; arrays as PostgreSQL writes them. Claims and answers are
 * sorted, so that two instances never wait for each other.
 */
export function appendParameters(
  appends: readonly Append[],
  answeredAt: string,
  careful: boolean,
): readonly (string | null)[] {
  const streams = appends.map((append) => append.stream)
  const versions = appends.map(({ expected }) => ('version' in expected ? expected.version : null))
  const fences = appends.map(({ expected }) => ('fence' in expected ? expected.fence : null))
  return [
    plainArray(streams),
    plainArray(versions),
    plainArray(fences),
    plainArray(appends.map((append) => append.events.length)),
    plainArray(appends.map((append) => append.fenceOffset)),
    ...eventArrays(appends),
    redactedEvents(appends),
    ...keyArrays(appends, (append) => append.releases),
    ...keyArrays(appends, (append) => append.claims),
    forgottenSecrets(appends),
    ...secretArrays(appends),
    ...answerArrays(appends),
    answeredAt,
    careful ? 'true' : 'false',
  ]
}

function eventArrays(appends: readonly Append[]): string[] {
  const places: number[] = []
  const offsets: number[] = []
  const events: NewEvent[] = []
  appends.forEach((append, index) => {
    append.events.forEach((event, offset) => {
      places.push(index + 1)
      offsets.push(offset + 1)
      events.push(event)
    })
  })
  return [
    plainArray(places),
    plainArray(offsets),
    textArray(events.map((event) => event.type)),
    JSON.stringify(events.map((event) => event.data)),
    textArray(events.map((event) => event.at)),
    textArray(events.map((event) => event.by)),
    sparseTextArray(events.map((event) => event.actor)),
    sparseTextArray(events.map((event) => takesText(event.takes))),
  ]
}

function takesText(takes: NewEvent['takes']): string | undefined {
  if (takes === undefined || takes.length === 0) return undefined
  const text = takes.join('\n')
  if (text.split('\n').length !== takes.length) throw new Error(`a line break in what is taken: ${text}`)
  return text
}

function redactedEvents(appends: readonly Append[]): string | null {
  if (appends.every((append) => append.redactions.length === 0)) return null
  return JSON.stringify(
    appends.flatMap(({ stream, events, redactions }, index) => {
      // Whoever keeps a state, or shows events, looks again when there is a newer version: so there must be one.
      if (redactions.length > 0 && events.length === 0)
        throw new Error(`a redaction of ${stream} comes without an event`)
      return redactions.map(({ version, data }) => ({ append: index + 1, version, data }))
    }),
  )
}

function forgottenSecrets(appends: readonly Append[]): string | null {
  if (appends.every((append) => append.forgottenSecrets.length === 0)) return null
  return JSON.stringify(
    appends.flatMap((append, index) => append.forgottenSecrets.map((name) => ({ append: index + 1, name }))),
  )
}

function keyArrays(appends: readonly Append[], keysOf: (append: Append) => readonly string[]): string[] {
  const rows: { place: number; key: string }[] = []
  appends.forEach((append, index) => {
    for (const key of keysOf(append)) rows.push({ place: index + 1, key })
  })
  if (rows.length > 1) rows.sort((one, other) => inOrder(one.key, other.key))
  return [plainArray(rows.map((row) => row.place)), textArray(rows.map((row) => row.key))]
}

function secretArrays(appends: readonly Append[]): string[] {
  const places: number[] = []
  const names: string[] = []
  const values: string[] = []
  appends.forEach((append, index) => {
    for (const secret of append.secrets) {
      places.push(index + 1)
      names.push(secret.name)
      values.push(secret.value)
    }
  })
  return [plainArray(places), textArray(names), textArray(values)]
}

function answerArrays(appends: readonly Append[]): string[] {
  const rows: { place: number; answer: NewAnswer }[] = []
  appends.forEach((append, index) => {
    for (const answer of append.answers) rows.push({ place: index + 1, answer })
  })
  if (rows.length > 1) rows.sort((one, other) => inOrder(one.answer.id, other.answer.id))
  return [
    plainArray(rows.map((row) => row.place)),
    textArray(rows.map((row) => row.answer.id)),
    textArray(rows.map((row) => row.answer.fingerprint)),
    JSON.stringify(rows.map((row) => row.answer.answer)),
    plainArray(rows.map((row) => row.answer.versionOffset)),
  ]
}

/** Any order will do for locks, if only it is the same for everybody. */
function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** Numbers, ids and nulls need no quotes. */
export function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? 'null').join(',')}}`
}

const allSpecial = /["\\]/g

export function textArray(values: readonly string[]): string {
  if (values.length === 0) return '{}'
  return `{"${values.map(escaped).join('","')}"}`
}

/** What is not there is null. */
function sparseTextArray(values: readonly (string | undefined)[]): string {
  return `{${values.map((value) => (value === undefined ? 'null' : `"${escaped(value)}"`)).join(',')}}`
}

function escaped(value: string): string {
  return value.includes('"') || value.includes('\\') ? value.replace(allSpecial, '\\$&') : value
}

/**
 * JSON is quoted and escaped by making JSON of it once more, many times quicker than by replacing quotes: an array
 * escapes `"` and `\\` as JSON does, and what JSON would escape otherwise is not in a text that is JSON already.
 */
export function jsonArray(values: readonly Json[]): string {
  return `{${values.map((value) => JSON.stringify(JSON.stringify(value))).join(',')}}`
}
