import { toHex } from '../hashing/hex.ts'
import { sha256 } from '../hashing/sha256.ts'
import { type Entrant, entrantsProblem } from './draw-input.ts'

/**
 * The frozen list as the text that is hashed: a person can check it with `printf` and `sha256sum`.
 * Throws a RangeError on entrants that cannot be drawn.
 */
export function entrantsTextOf(entrants: readonly Entrant[]): string {
  const problem = entrantsProblem(entrants)
  if (problem !== null) throw new RangeError(problem)
  const lines = entrants.map(
    ({ playerId, pick, contribution }) => `${playerId}\t${pick}\t${contribution ?? '-'}\n`,
  )
  return `matchday-entrants-v1\n${lines.join('')}`
}

/** SHA-256 of the entrants' text in UTF-8, in hexadecimal. Throws as `entrantsTextOf` does. */
export function entrantsHashOf(entrants: readonly Entrant[]): string {
  return toHex(sha256(new TextEncoder().encode(entrantsTextOf(entrants))))
}
