import { type DrawProof, type Verification, verifyProof } from '@matchday/competition'
import { drawMemoryOf, rememberedFor } from '../../device/draw-memory.ts'
import { isObject } from '../../device/storage.ts'
import { isTournamentId } from '../../device/tournament-id.ts'

/** A document with what came of checking it on this device. `proof` is there when it is one at all. */
export type Checked = {
  document: unknown
  proof: DrawProof | null
  verification: Verification
  /** The player who sits on this device, and the number that it added to this draw. */
  own: { playerId: string; contribution: string } | null
}

/**
 * Checks a document with what this device remembers of that tournament from before the draw. `expectedId` is the
 * tournament whose proof it should be, if it should be a certain one's. Takes up to a second for large draws.
 */
export function checkProof(document: unknown, expectedId: string | null): Checked {
  const attempt = isObject(document) && typeof document.attempt === 'number' ? document.attempt : 0
  const subject = isObject(document) && typeof document.tournamentId === 'string' ? document.tournamentId : ''
  const memory = isTournamentId(subject) ? drawMemoryOf(subject).fresh() : null
  const remembered = rememberedFor(memory, attempt, (playerId) => contributionIn(document, playerId))
  const verification = verifyProof(document, {
    ...(expectedId === null ? {} : { tournamentId: expectedId }),
    ...remembered,
  })
  const isProof = verification.checks.some(({ check, ok }) => check === 'format' && ok)
  // The verifier's first check is that the document has this very shape.
  const proof = isProof ? (document as DrawProof) : null
  return { document, proof, verification, own: remembered.contribution ?? null }
}

/** The number that the document gives for a player, looked up without trusting the document's shape. */
function contributionIn(document: unknown, playerId: string): string | null {
  const entrants: unknown = isObject(document) ? document.entrants : []
  if (!Array.isArray(entrants)) return null
  const entrant: unknown = entrants.find(
    (candidate: unknown) => isObject(candidate) && candidate.playerId === playerId,
  )
  return isObject(entrant) && typeof entrant.contribution === 'string' ? entrant.contribution : null
}

/** The same document with one digit of its secret changed: what a cheat would look like. */
export function tamperedWith(proof: DrawProof): DrawProof {
  const first = proof.seed.startsWith('0') ? '1' : '0'
  return { ...proof, seed: first + proof.seed.slice(1) }
}
