import type { ChangedThing } from '@matchday/contracts'
import type { OfficeCatalogue } from '../i18n/office-en.ts'

type Words = OfficeCatalogue['changes']
export type Change = {
  changeId: string
  at: string
  by: { kind: string; accountId: string | null; name: string | null }
  thing: ChangedThing
  thingId: string
  action: string
  after: object | null
}

/** Who it was, as far as anybody knows. */
export function whoDid(by: Change['by'], words: Words): string {
  if (by.name !== null) return by.name
  const kinds: Partial<Record<string, string>> = words.by
  return kinds[by.kind] ?? words.by.staff
}

/** What he did, as the rest of a sentence that begins with him. */
export function changeSentence({ thing, action, after }: Change, words: Words): string {
  const done: Partial<Record<string, string>> =
    thing === 'tournament' ? { ...words.tournament, ...words.tournamentEvents } : words[thing]
  const named = after !== null && 'name' in after && typeof after.name === 'string'
  const name = named ? ` “${after.name}”` : ''
  // A newer server may have actions that this page has no words for.
  return `${done[action] ?? `${words.things[thing]}: ${action}`}${name}`
}

/** What it was like afterwards, in lines: the name of a thing and its value, for people. */
export function detailsOf(after: Change['after'], words: Words): [name: string, value: string][] {
  const names: Partial<Record<string, string>> = words.fields
  return Object.entries(after ?? {}).map(([key, value]) => [names[key] ?? key, shown(value, words)])
}

function shown(value: unknown, words: Words): string {
  if (value === null || value === undefined || value === '') return words.nothing
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map((item) => shown(item, words)).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
