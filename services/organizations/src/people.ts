import { type StaffId, staffIdentityInternals } from '@matchday/contracts'
import { Fault } from '@matchday/kernel'
import { type Actor, peopleKinds } from './domain/actor.ts'
import type { Ask } from './rows.ts'

export type Person = {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly phone: string | null
}
export type People = ReadonlyMap<string, Person>

/** What may be asked for at once, by the contract of who answers. */
const accountsPerQuestionMax = 100

/**
 * Who accounts belong to. Names are kept by the identity service alone; whoever is gone is missing, and while it
 * can't be reached all are: the rest of a page is worth showing.
 */
export async function peopleOf(ask: Ask, accountIds: Iterable<string>): Promise<People> {
  const ids = [...new Set(accountIds)]
  const people = new Map<string, Person>()
  try {
    for (let from = 0; from < ids.length; from += accountsPerQuestionMax) {
      const asked = ids.slice(from, from + accountsPerQuestionMax)
      const answer = await ask(staffIdentityInternals.describeAccounts, { accountIds: asked })
      if (answer.kind === 'ok') for (const person of answer.body.items) people.set(person.accountId, person)
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
  return people
}

/** The people among those who did something. */
export function peopleAmong(ask: Ask, actors: readonly Actor[]): Promise<People> {
  return peopleOf(
    ask,
    actors.flatMap(({ kind, id }) => (id !== null && peopleKinds.includes(kind) ? [id] : [])),
  )
}

/** One name as a whole; null: not known now, or no more. */
export function nameIn(people: People, id: string | null): string | null {
  const person = id === null ? undefined : people.get(id)
  return person === undefined ? null : `${person.firstName} ${person.lastName}`
}

/** Who wrote something. A key is nobody in particular. */
export function authorIn(
  people: People,
  { kind, id }: Actor,
): { accountId: StaffId | null; name: string | null } {
  if (!peopleKinds.includes(kind)) return { accountId: null, name: null }
  // Ids of these kinds of actors came from tokens of staff.
  return { accountId: id as StaffId | null, name: nameIn(people, id) }
}
