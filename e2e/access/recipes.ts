import type { OperationName } from '@matchday/contracts'
import type { Recipe } from './recipe.ts'
import { identityRecipes } from './recipes-identity.ts'
import { organizationRecipes } from './recipes-organizations.ts'
import { tournamentRecipes } from './recipes-tournaments.ts'

export const recipes: Readonly<Record<OperationName, Recipe>> = {
  ...tournamentRecipes,
  ...identityRecipes,
  ...organizationRecipes,
}
