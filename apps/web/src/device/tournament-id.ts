import type { TournamentId } from '@matchday/contracts'
import { isId } from '@matchday/contracts/ids'

/** Whether a piece of an address can be a tournament's id; raw strings stop here. */
export function isTournamentId(text: string): text is TournamentId {
  return isId(text)
}
