import type { Assignment } from './draw.ts'
import type { DrawMode, Entrant } from './draw-input.ts'

export const PROOF_FORMAT = 'matchday-draw-v1'

/** An entrant as a proof shows him. The name is a label for people: it is not hashed and proves nothing. */
export type ProofEntrant = Entrant & { readonly name?: string }

/** One draw with everything that is needed to do it again. */
export type AttemptProof = {
  readonly format: typeof PROOF_FORMAT
  readonly tournamentId: string
  readonly attempt: number
  readonly mode: DrawMode
  /** Published before the first pick. */
  readonly commitment: string
  readonly seed: string
  readonly entrants: readonly ProofEntrant[]
  readonly entrantsHash: string
  /** In the order of the entrants. */
  readonly assignments: readonly Assignment[]
}

/** An earlier draw that no longer counts, and why (a text of 1 to 200 UTF-16 code units). */
export type VoidedDraw = { readonly reason: string; readonly proof: AttemptProof }

/** The JSON document that anybody can check, offline, with `verifyProof` or with a program of his own. */
export type DrawProof = AttemptProof & {
  /** All earlier attempts, first one first; absent when there are none. */
  readonly voided?: readonly VoidedDraw[]
}

/** Whether these are the attempts 1, 2, … before this one, none left out. */
export function areAttemptsBefore(attempt: number, voided: readonly VoidedDraw[]): boolean {
  return voided.length === attempt - 1 && voided.every(({ proof }, index) => proof.attempt === index + 1)
}
