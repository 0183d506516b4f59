import type { Migration } from '@matchday/kernel'

/**
 * Up to 0.2.0 what players take was claimed as well, names among it. Nobody would release these rows any more, and a name
 * that is forgotten must be nowhere.
 */
const claimsOfPlayers = /* sql */ `
delete from claims where key ~ '^(player|seat|team|pick|contribution):';
`

/** Steps for the tables of the store, in this service's schema. */
export const tournamentMigrations: readonly Migration[] = [
  { id: 'tournaments-1-claims-of-players', sql: claimsOfPlayers },
]
