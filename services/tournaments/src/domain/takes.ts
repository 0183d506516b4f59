import type { PlayerId } from '@matchday/contracts'

/**
 * What a join or a pick takes within its tournament. Both may be decided on a state that lacks the latest joins and
 * picks; of two that take the same the second is decided again. See README.md.
 */
export const nameTake = (key: string) => `name:${key}`
export const seatTake = (seat: number) => `seat:${seat}`
/** The team by its place in the list, which never changes. */
export const teamTake = (teamIndex: number) => `team:${teamIndex}`
/** A player picks once, also from two tabs that reach two instances. */
export const pickTake = (playerId: PlayerId) => `pick:${playerId}`
/** A player's device adds one contribution to an attempt. */
export const contributionTake = (attempt: number, playerId: PlayerId) => `contribution:${attempt}:${playerId}`
