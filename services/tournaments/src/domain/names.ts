import { initialOf } from '@matchday/contracts'
import { identityOf } from './identity-of-name.ts'
import type { ExistingTournament, Person } from './state.ts'

/** As everybody may see it. */
export type ShownName = { readonly firstName: string; readonly lastName: string }

/** First and last name as one key. A key never holds a tab, so the parts can't run into each other. */
export function playerKey(firstName: string, lastName: string): string {
  return `${identityOf(firstName)}\t${identityOf(lastName)}`
}

/** Of a last name one letter, unless the player shows it whole; from the second on who look alike, with a number. */
export function shownLastName(lastName: string, showsFullName: boolean, number: number): string {
  const shown = showsFullName ? lastName : initialOf(lastName)
  return number === 1 ? shown : `${shown} ${number}`
}

/** The first number with which nobody else who is in, or waits, looks alike. */
export function freeNumber(others: readonly Person[], shownWith: (number: number) => ShownName): number {
  const taken = new Set(others.map(({ shownKey }) => shownKey))
  let number = 1
  for (; ; number++) {
    const { firstName, lastName } = shownWith(number)
    if (!taken.has(playerKey(firstName, lastName))) return number
  }
}

/** Who is called so when his name is forgotten. Who has no seat has no number either. */
export function namelessName(seat: number | null): ShownName {
  return { firstName: 'Player', lastName: seat === null ? '' : String(seat) }
}

/** Everybody whose name is known to the tournament. */
export function everybody({ players, requests }: ExistingTournament): readonly Person[] {
  return requests.length === 0 ? players : [...players, ...requests]
}
