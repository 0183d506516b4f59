import type { OperationName } from '@matchday/contracts'
import type { OperationCall, Told } from '../support/ask.ts'
import type { Place } from './place.ts'
import { identityRecipes } from './recipes-identity.ts'
import { organizationRecipes } from './recipes-organizations.ts'
import { tournamentRecipes } from './recipes-tournaments.ts'

/** How an operation is asked for, so that nothing but access can stand against it. */
export type Recipe = {
  /** With a token, where it is another one than the caller's usual. */
  asking(place: Place): OperationCall | Promise<OperationCall>
  /** Puts back what a success has changed about the callers and what they ask for. */
  afterwards?(place: Place, told: Told): Promise<void> | void
}

export const recipes: Readonly<Record<OperationName, Recipe>> = {
  ...tournamentRecipes,
  ...identityRecipes,
  ...organizationRecipes,
}
