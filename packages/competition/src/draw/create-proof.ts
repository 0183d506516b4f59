import { commitmentOf } from './commitment.ts'
import { type Assignment, draw } from './draw.ts'
import { type DrawInput, drawInputProblem } from './draw-input.ts'
import { entrantsHashOf } from './entrants-hash.ts'
import { parseProof } from './parse-proof.ts'
import {
  areAttemptsBefore,
  type DrawProof,
  PROOF_FORMAT,
  type ProofEntrant,
  type VoidedDraw,
} from './proof.ts'

export type ProofInput = Omit<DrawInput, 'entrants'> & { readonly entrants: readonly ProofEntrant[] }

export type ProofExtras = {
  /** What `draw` gave for this input: whoever has stored it spares himself the draw. Not checked here. */
  readonly assignments?: readonly Assignment[]
  /** All earlier attempts, first one first. */
  readonly voided?: readonly VoidedDraw[]
}

/**
 * The proof of a draw. It holds the seed: make it public only after the list of entrants is frozen.
 * Throws a RangeError where `draw` does, if the earlier attempts are not exactly 1 to attempt - 1, and if a
 * text would not fit into the format.
 */
export function createProof(input: ProofInput, extras: ProofExtras = {}): DrawProof {
  const problem = drawInputProblem(input)
  if (problem !== null) throw new RangeError(problem)
  const voided = extras.voided ?? []
  if (!areAttemptsBefore(input.attempt, voided)) throw new RangeError('voided attempts')
  const { tournamentId, attempt, mode, seed, entrants } = input
  const parsed = parseProof({
    format: PROOF_FORMAT,
    tournamentId,
    attempt,
    mode,
    commitment: commitmentOf(seed),
    seed,
    entrants: entrants.map(asProofEntrant),
    entrantsHash: entrantsHashOf(entrants),
    assignments: extras.assignments ?? draw(input),
    ...(voided.length > 0 && { voided }),
  })
  if (!parsed.ok) throw new RangeError(parsed.detail)
  return parsed.proof
}

/** Callers may hold more about a player than a proof should tell. */
function asProofEntrant({ playerId, name, pick, contribution }: ProofEntrant): ProofEntrant {
  return { playerId, pick, contribution, ...(name !== undefined && { name }) }
}
