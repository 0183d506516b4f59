import type { TournamentEvent as ContractEvent } from '@matchday/contracts'

/** The contract's events. An event that says nothing but its name has no fields, rather than any at all. */
export type TournamentEvent =
  | Exclude<ContractEvent, { type: 'tournament-archived' }>
  | { type: 'tournament-archived'; data: Record<string, never> }
export type DataOf<Type extends TournamentEvent['type']> = Extract<TournamentEvent, { type: Type }>['data']
