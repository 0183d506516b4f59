import type { TournamentEvent } from '@matchday/contracts'
import type { JsonObject, RecordedEvent } from '@matchday/kernel'

/**
 * What of a tournament's events its organisation's changelog tells; null: nothing. Names of players are never among
 * it, so that nothing is left to be forgotten here when a player goes.
 */
const told = {
  'tournament-created': ['name', 'limit', 'teams', 'picks', 'drawMode', 'details'],
  'tournament-renamed': ['name'],
  'tournament-claimed': [],
  'tournament-archived': [],
  'details-changed': ['description', 'address', 'latitude', 'longitude', 'startsAt', 'endsAt', 'visibility'],
  'joining-changed': ['open'],
  'player-joined': ['playerId'],
  'player-removed': ['playerId'],
  'player-anonymized': ['playerId'],
  'entry-declined': ['playerId'],
  'pass-moved': ['playerId'],
  'teams-drawn': ['attempt'],
  'draw-voided': ['attempt', 'reason'],
  'entry-requested': null,
  // Told already, as what it is: a change of the organisation.
  'organization-status-changed': null,
  'seat-linked': null,
  'team-picked': null,
  'contribution-added': null,
} as const satisfies Record<TournamentEvent['type'], readonly string[] | null>

const keysOf = new Map<string, readonly string[] | null>(Object.entries(told))

/** The others tell nothing, whoever caused them. */
export const toldEventTypes = Object.entries(told)
  .filter(([, keys]) => keys !== null)
  .map(([type]) => type)

/** Who changes something for the organisation; what players do is no change of its. */
const actors: readonly string[] = ['staff', 'key', 'organizer', 'service']

/** What the changelog tells of an event; null: nothing. */
export function tournamentChange(event: RecordedEvent): JsonObject | null {
  if (!actors.includes(event.by)) return null
  const keys = keysOf.get(event.type) ?? null
  // An event that this release doesn't know can't be told without knowing what is in it.
  if (keys === null) return null
  return Object.fromEntries(keys.map((key) => [key, event.data[key]]))
}
