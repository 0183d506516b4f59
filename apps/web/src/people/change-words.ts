import type { ChangedThing } from '@matchday/contracts'
import type { OfficeCatalogue } from '../i18n/office-en.ts'
import type { PeopleCatalogue } from '../i18n/people-en.ts'

type Words = OfficeCatalogue['changes']
export type Change = {
  changeId: string
  at: string
  by: { kind: string; accountId: string | null; name: string | null }
  thing: ChangedThing
  thingId: string
  action: string
  after: object | null
  /** Told where changes of several organisations are listed. */
  organizationId?: string | null
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
  const decided = thing === 'organization' && action === 'changed' ? decisionIn(after) : undefined
  const named = after !== null && 'name' in after && typeof after.name === 'string'
  const name = named ? ` “${after.name}”` : ''
  // A newer server may have actions that this page has no words for.
  return `${(decided && words.organization[decided]) ?? done[action] ?? `${words.things[thing]}: ${action}`}${name}`
}

/** Only an administrator's decision changes the status of an organisation. */
function decisionIn(after: Change['after']): 'approved' | 'blocked' | undefined {
  if (after === null || !('status' in after)) return undefined
  return after.status === 'approved' || after.status === 'blocked' ? after.status : undefined
}

/** How details are told: the words for names and values, and how a moment is written. */
export type DetailWords = {
  changes: Words
  values: Partial<Record<string, Partial<Record<string, string>>>>
  moment: (moment: string) => string
}

/** Words for the values of fields that have a fixed set of them. */
export function valueWords(
  { status, incidents, events, keys }: OfficeCatalogue,
  roles: PeopleCatalogue['roles'],
): DetailWords['values'] {
  return {
    role: roles,
    status: { ...status, ...incidents.statuses },
    priority: incidents.priorities,
    visibility: namesIn(events.visibility),
    scopes: namesIn(keys.scopes),
  }
}

function namesIn(choices: Readonly<Record<string, { name: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(choices).map(([key, { name }]) => [key, name]))
}

/** What it was like afterwards, in lines: the name of a thing and its value, for people. */
export function detailsOf(after: Change['after'], words: DetailWords): [name: string, value: string][] {
  const names: Partial<Record<string, string>> = words.changes.fields
  return Object.entries(after ?? {}).map(([key, value]) => [names[key] ?? key, shown(key, value, words)])
}

const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

function shown(key: string, value: unknown, words: DetailWords): string {
  const { nothing, yes, no } = words.changes
  if (value === null || value === undefined || value === '') return nothing
  if (typeof value === 'boolean') return value ? yes : no
  if (typeof value === 'string') {
    return moment.test(value) ? words.moment(value) : (words.values[key]?.[value] ?? value)
  }
  if (Array.isArray(value)) return value.map((item) => shown(key, item, words)).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
