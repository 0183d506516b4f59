import type { OrganizationId } from '@matchday/contracts'

/** Tournaments whose owner is remembered: about 5 MB. */
const ownersMax = 50_000

/**
 * Whose tournaments are, so that what has to be found out before a decision is known without reading the state: for
 * most of them, which are nobody's, there is nothing. A decision notices when this is out of date, which happens once
 * in the life of a tournament, if at all.
 */
export type KnownOwners = {
  get(id: string): OrganizationId | null | undefined
  note(id: string, owner: OrganizationId | null): void
  forget(id: string): void
}

export function createKnownOwners(): KnownOwners {
  const owners = new Map<string, OrganizationId | null>()
  return {
    get: (id) => owners.get(id),
    note(id, owner) {
      if (owners.size >= ownersMax && !owners.has(id)) owners.delete(owners.keys().next().value ?? id)
      owners.set(id, owner)
    },
    forget: (id) => void owners.delete(id),
  }
}
