import type { TSchema } from 'typebox'
import { Type } from 'typebox'
import type { EventCatalogue } from './events.ts'
import type { OperationName } from './routes.ts'
import { Closed, Nullable, PlayerIdSchema } from './schemas.ts'
import { tournamentEvents } from './tournament-events.ts'

/**
 * A live channel, `<name>:<id>`, of the Centrifuge client protocol. Its publications are the events of one stream
 * (offset = version), and it may carry fleeting ones, which have no offset: at most once, latest per key.
 */
export type Channel = {
  name: string
  service: string
  summary: string
  /**
   * `anyone`: everybody. `checked`: whom the snapshot's query answers; the answer to anybody counts for all, until one
   * of the `rechecks` events.
   */
  policy: 'anyone' | 'checked'
  /** Events after which it may be otherwise who may listen. */
  rechecks: readonly string[]
  /** Events after which what happened before must not be told any more: somebody's name is gone from it. */
  forgets: readonly string[]
  events: EventCatalogue
  /** The query that gives the state to start from; its input is `{id}`, its answer carries the version. */
  snapshot: OperationName
  /**
   * The query that gives what happened, page by page: input `{id, after, limit}`, answer `{items, next}` with the
   * stream's version. A gateway reads from it what the bus may have lost.
   */
  log: OperationName
  /**
   * What clients may publish: type → the signal operation that decides. Its input is `{id, playerId}` of the
   * caller's token, and the rest of what was published.
   */
  publish: Record<string, OperationName>
  /** Fleeting publications: type → schema of one item's value. They arrive as `{type, items: [{key, …value}]}`. */
  fleeting: Record<string, TSchema>
  /** Events after which the sockets of a player must go, because his pass has just stopped working. */
  closes: Record<string, 'not-a-player' | 'pass-moved'>
}

export const channels = {
  tournament: {
    name: 'tournament',
    service: 'tournaments',
    summary: 'Everything that happens to one tournament, as it happens',
    policy: 'checked',
    rechecks: ['details-changed', 'tournament-claimed', 'organization-status-changed'],
    forgets: ['player-anonymized', 'player-removed', 'entry-declined'],
    events: tournamentEvents,
    snapshot: 'getTournament',
    log: 'listLog',
    publish: { highlight: 'highlightTeam' },
    fleeting: { highlights: Closed({ playerId: PlayerIdSchema, team: Nullable(Type.String()) }) },
    closes: { 'player-removed': 'not-a-player', 'pass-moved': 'pass-moved' },
  },
} as const satisfies Record<string, Channel>
