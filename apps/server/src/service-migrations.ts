import { identityMigrations } from '@matchday/identity'
import type { Migration } from '@matchday/kernel'
import { organizationMigrations } from '@matchday/organizations'
import { tournamentMigrations } from '@matchday/tournaments'
import type { ServiceName } from './role-names.ts'

/**
 * Steps of the tables that each service keeps beside its store: those of its definition, here so that they can be made
 * without starting it.
 */
export const serviceMigrations: Readonly<Record<ServiceName, readonly Migration[]>> = {
  tournaments: tournamentMigrations,
  organizations: organizationMigrations,
  'identity-staff': identityMigrations,
  'identity-players': identityMigrations,
}

/** A service whose steps "matchday migrate" does not know would wait for them for ever. */
export function requireKnownSteps(
  service: ServiceName,
  migrations: readonly Migration[],
  known: readonly Migration[] = serviceMigrations[service],
): void {
  const isKnown =
    migrations.length === known.length && migrations.every(({ id }, index) => id === known[index]?.id)
  if (!isKnown) throw new Error(`the steps of ${service} are not those that "matchday migrate" knows`)
}
