/** Competition maths: pure, synchronous, browser-safe, without dependencies. */
export { commitmentOf } from './draw/commitment.ts'
export { createProof, type ProofExtras, type ProofInput } from './draw/create-proof.ts'
export { type Assignment, draw } from './draw/draw.ts'
export { DRAW_LIMITS, DRAW_MODES, type DrawInput, type DrawMode, type Entrant } from './draw/draw-input.ts'
export { entrantsHashOf, entrantsTextOf } from './draw/entrants-hash.ts'
export { type BlockingTeam, type Feasibility, feasibility } from './draw/feasibility.ts'
export type { AttemptProof, DrawProof, ProofEntrant, VoidedDraw } from './draw/proof.ts'
export {
  type CheckResult,
  PROOF_CHECKS,
  type ProofCheck,
  type Remembered,
  type Verification,
  verifyProof,
} from './draw/verify-proof.ts'
