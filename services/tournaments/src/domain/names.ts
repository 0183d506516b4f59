import { nameKey } from '@matchday/contracts'
import { identityOf } from './identity-of-name.ts'
import type { ExistingTournament, Person } from './state.ts'

/** As everybody may see it. */
export type ShownName = { readonly firstName: string; readonly lastName: string }

/** First and last name as one key. A key never holds a tab, so the parts can't run into each other. */
export function playerKey(firstName: string, lastName: string): string {
  return `${identityOf(firstName)}\t${identityOf(lastName)}`
}

/** Of names as they are shown: two with the same look alike, whatever case, accents and invisible characters. */
export function shownKey({ firstName, lastName }: ShownName): string {
  return `${nameKey(firstName)}\t${nameKey(lastName)}`
}

/** A name with a number after it, from the second on who look alike. */
export function numbered({ firstName, lastName }: ShownName, number: number): ShownName {
  return number === 1 ? { firstName, lastName } : { firstName, lastName: `${lastName} ${number}` }
}

/** The first number with which nobody else who is in, or waits, looks alike. */
export function freeNumber(others: readonly Person[], name: ShownName): number {
  const key = shownKey(name)
  if (!others.some((other) => other.shownKey === key)) return 1
  const taken = new Set(others.map((other) => other.shownKey))
  let number = 2
  // What is appended is in its own key already.
  while (taken.has(`${key} ${number}`)) number++
  return number
}

/** Who is called so when his name is forgotten. Who has no seat has no number either. */
export function namelessName(seat: number | null): ShownName {
  return { firstName: 'Player', lastName: seat === null ? '' : String(seat) }
}

/** Everybody whose name is known to the tournament. */
export function everybody({ players, requests }: ExistingTournament): readonly Person[] {
  return requests.length === 0 ? players : [...players, ...requests]
}
