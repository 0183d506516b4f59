import type { Operations, OutputOf } from '@matchday/contracts'
import { peopleTexts } from '../../i18n/people.ts'
import { type Pages, usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'

export type Administrator = OutputOf<Operations['listAdministrators']>['items'][number]

/** There are at most so many (administratorsMax). */
const administratorsMax = 100

/** All of them, to name who did something. */
export function useAdministrators(): Pages<Administrator> {
  return usePages('administrators', (query) => staff.call('listAdministrators', { query }), administratorsMax)
}

export function administratorName({ firstName, lastName }: Administrator): string {
  return `${firstName} ${lastName}`
}

/** Whoever is no administrator any more has no name there. */
export function nameAmong(administrators: readonly Administrator[], id: string): string {
  const found = administrators.find(({ accountId }) => accountId === id)
  return found ? administratorName(found) : peopleTexts().common.nobody
}
