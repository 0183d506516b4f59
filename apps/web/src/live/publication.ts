import type { PlayerId, TournamentEvent } from '@matchday/contracts'

type Published<Event> = Event extends { type: infer Type; data: infer Data }
  ? { type: Type; version: number; at: string } & Data
  : never

/** One event of the tournament as the live channel tells it: `version` grows by one each time. */
export type Publication = Published<TournamentEvent>
export type PublicationOf<Type extends Publication['type']> = Extract<Publication, { type: Type }>

/** What players are looking at; fleeting, without a version. */
export type Highlights = { type: 'highlights'; items: { playerId: PlayerId; team: string | null }[] }

export function isHighlights(data: unknown): data is Highlights {
  return hasType(data) && data.type === 'highlights'
}

/** The server is trusted to follow its contract; this only keeps foreign or fleeting messages out of the fold. */
export function isPublication(data: unknown): data is Publication {
  return hasType(data) && 'version' in data && typeof data.version === 'number'
}

function hasType(data: unknown): data is { type: unknown } {
  return typeof data === 'object' && data !== null && 'type' in data
}
