import {
  type AttemptProof,
  createProof,
  DRAW_LIMITS,
  type DrawProof,
  type ProofInput,
  type VoidedDraw,
} from '@matchday/competition'
import { isRejected, type Rejected, rejected } from './decision.ts'
import { existing } from './phases.ts'
import type { DrawnDraw, ExistingTournament, TournamentState } from './state.ts'

/**
 * The proof of the draw that counts or, when an attempt is named, of that one, void or not. With it come all
 * attempts before it, each with the reason why it is void.
 */
export function drawProof(
  state: TournamentState,
  attempt: number | undefined,
): DrawProof | Rejected<'not-found' | 'not-drawn'> {
  const tournament = existing(state)
  if (isRejected(tournament)) return tournament
  const { draw, voided } = tournament
  const current = 'seed' in draw ? draw : undefined
  const asked =
    attempt === undefined || attempt === draw.attempt
      ? current
      : voided.find((earlier) => earlier.attempt === attempt)
  if (asked === undefined) return rejected('not-drawn')
  const before: VoidedDraw[] = []
  for (const earlier of voided.slice(0, asked.attempt - 1)) {
    before.push({ reason: label(earlier.voidReason), proof: attemptProof(tournament, earlier, before) })
  }
  return createProof(proofInput(tournament, asked), { assignments: asked.assignments, voided: before })
}

/** In a proof the earlier attempts stand side by side, not inside each other. */
function attemptProof(
  tournament: ExistingTournament,
  draw: DrawnDraw,
  voided: readonly VoidedDraw[],
): AttemptProof {
  const input = proofInput(tournament, draw)
  const { voided: _, ...proof } = createProof(input, { assignments: draw.assignments, voided })
  return proof
}

function proofInput({ id, drawMode }: ExistingTournament, draw: DrawnDraw): ProofInput {
  const { attempt, seed } = draw
  const entrants = draw.entrants.map((entrant) => ({ ...entrant, name: label(entrant.name) }))
  return { tournamentId: id, attempt, mode: drawMode, seed, entrants }
}

/** Names and reasons are shown beside a proof and prove nothing; its format bounds their length. */
function label(text: string): string {
  // Half of a surrogate pair at the cut would be no text.
  return text.slice(0, DRAW_LIMITS.textLengthMax).replace(/[\ud800-\udbff]$/, '')
}
