import {
  allOperations,
  identityServiceOf,
  playerIdentityInternals,
  type Realm,
  staffIdentityInternals,
} from '@matchday/contracts'
import type { AskedOperation } from '@matchday/kernel'

/** Where the edge learns of the sessions of a realm. */
export const realmSources = {
  staff: {
    service: identityServiceOf.staff,
    keys: allOperations.getStaffKeys,
    revocations: staffIdentityInternals.listRevocations,
  },
  players: {
    service: identityServiceOf.players,
    keys: allOperations.getPlayerKeys,
    revocations: playerIdentityInternals.listRevocations,
  },
} as const satisfies Record<Realm, { service: string; keys: AskedOperation; revocations: AskedOperation }>

/** Whose a key of an organisation is. */
export const apiKeySource = {
  service: identityServiceOf.staff,
  find: staffIdentityInternals.findApiKey,
} as const
