import type { Migration } from '@matchday/kernel'
import type { ServiceName } from './role-names.ts'

/**
 * Steps of the tables that each service keeps beside its store: those of its definition, here so that they can be made
 * without starting it.
 */
export const serviceMigrations: Readonly<Record<ServiceName, readonly Migration[]>> = {
  tournaments: [],
}
