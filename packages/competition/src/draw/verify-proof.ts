import { commitmentOf } from './commitment.ts'
import { draw } from './draw.ts'
import type { DrawMode } from './draw-input.ts'
import { entrantsHashOf } from './entrants-hash.ts'
import { feasibility } from './feasibility.ts'
import { parseProof } from './parse-proof.ts'
import { type AttemptProof, areAttemptsBefore, type DrawProof } from './proof.ts'

/** Names of the checks, in the order in which they are made. They are public and stable. */
export const PROOF_CHECKS = [
  'format',
  'commitment',
  'entrants-hash',
  'permutation',
  'mode-rule',
  'assignments',
  'voided-attempts',
  'remembered-tournament',
  'remembered-mode',
  'remembered-commitment',
  'remembered-contribution',
] as const
export type ProofCheck = (typeof PROOF_CHECKS)[number]

/** One check. The detail is for people; its text may change. */
export type CheckResult = { readonly check: ProofCheck; readonly ok: boolean; readonly detail: string }

export type Verification = { readonly ok: boolean; readonly checks: readonly CheckResult[] }

/** What a device saw before the draw. Only what is given is checked. */
export type Remembered = {
  readonly tournamentId?: string
  readonly mode?: DrawMode
  readonly commitment?: string
  readonly contribution?: { readonly playerId: string; readonly contribution: string | null }
}

/**
 * Checks a proof from nothing but itself and what the caller remembers. Never throws, whatever the document
 * is. The work is bounded by `DRAW_LIMITS`: at most 10 draws of 256 players. A document that is not of the
 * format fails `format`, and no other check is made.
 */
export function verifyProof(document: unknown, remembered: Remembered = {}): Verification {
  const parsed = parseProof(document)
  if (!parsed.ok) return verificationOf([result('format', false, '', parsed.detail)])
  return verificationOf([
    result('format', true, 'the document is complete', ''),
    ...attemptChecks(parsed.proof),
    voidedCheck(parsed.proof),
    ...rememberedChecks(parsed.proof, remembered),
  ])
}

function verificationOf(checks: readonly CheckResult[]): Verification {
  return { ok: checks.every((check) => check.ok), checks }
}

function result(check: ProofCheck, ok: boolean, whenOk: string, otherwise: string): CheckResult {
  return { check, ok, detail: ok ? whenOk : otherwise }
}

function attemptChecks(proof: AttemptProof): readonly CheckResult[] {
  return [
    result(
      'commitment',
      commitmentOf(proof.seed) === proof.commitment,
      'the revealed seed is the one that was committed to',
      'the revealed seed does not belong to the commitment',
    ),
    result(
      'entrants-hash',
      entrantsHashOf(proof.entrants) === proof.entrantsHash,
      'the list of entrants belongs to its hash',
      'the list of entrants does not belong to its hash',
    ),
    result(
      'permutation',
      isPermutation(proof),
      'every player got one team, and every picked team was given out',
      'the teams given out are not the teams picked, one for every player in order',
    ),
    result(
      'mode-rule',
      keepsModeRule(proof),
      'the rule of the mode is kept',
      'the rule of the mode is broken for at least one player',
    ),
    result(
      'assignments',
      isRedrawnEqually(proof),
      'drawing again gives the same teams',
      'drawing again gives other teams',
    ),
  ]
}

function isPermutation({ entrants, assignments }: AttemptProof): boolean {
  const samePlayers =
    assignments.length === entrants.length &&
    assignments.every(({ playerId }, index) => playerId === entrants[index]?.playerId)
  const given = assignments.map(({ team }) => team).sort()
  const picked = entrants.map(({ pick }) => pick).sort()
  return samePlayers && given.every((team, index) => team === picked[index])
}

function keepsModeRule({ mode, entrants, assignments }: AttemptProof): boolean {
  const gotOwn = entrants.map(({ pick }, index) => assignments[index]?.team === pick)
  switch (mode) {
    case 'any':
      return true
    case 'derangement':
      return !gotOwn.includes(true)
    case 'keep':
      return !gotOwn.includes(false)
    default:
      return mode satisfies never
  }
}

function isRedrawnEqually(proof: AttemptProof): boolean {
  const picks = proof.entrants.map(({ pick }) => pick)
  if (!feasibility(proof.mode, picks).feasible) return false
  const redrawn = draw(proof)
  return (
    redrawn.length === proof.assignments.length &&
    redrawn.every(({ playerId, team }, index) => {
      const claimed = proof.assignments[index]
      return claimed?.playerId === playerId && claimed.team === team
    })
  )
}

/** Earlier draws must all be there, hold, be of this tournament, and each have a seed of its own. */
function voidedCheck(proof: DrawProof): CheckResult {
  const voided = proof.voided ?? []
  const complete = areAttemptsBefore(proof.attempt, voided)
  const ownTournament = voided.every((earlier) => earlier.proof.tournamentId === proof.tournamentId)
  const commitments = new Set([proof.commitment, ...voided.map((earlier) => earlier.proof.commitment)])
  const ownSeeds = commitments.size === voided.length + 1
  const sound = complete && voided.every((earlier) => verificationOf(attemptChecks(earlier.proof)).ok)
  return result(
    'voided-attempts',
    complete && ownTournament && ownSeeds && sound,
    voided.length === 0 ? 'this is the first draw' : `earlier draws, all sound, now void: ${voided.length}`,
    'earlier draws are missing, do not hold, or share a seed',
  )
}

function rememberedChecks(proof: DrawProof, remembered: Remembered): CheckResult[] {
  const checks: CheckResult[] = []
  const { tournamentId, mode, commitment, contribution } = remembered
  const compare = (check: ProofCheck, ok: boolean, what: string) =>
    checks.push(
      result(check, ok, `${what} is the one seen before the draw`, `${what} was another before the draw`),
    )
  if (tournamentId !== undefined) {
    compare('remembered-tournament', tournamentId === proof.tournamentId, 'the tournament')
  }
  if (mode !== undefined) compare('remembered-mode', mode === proof.mode, 'the mode')
  if (commitment !== undefined) {
    compare('remembered-commitment', commitment === proof.commitment, 'the commitment')
  }
  if (contribution !== undefined) {
    const entrant = proof.entrants.find(({ playerId }) => playerId === contribution.playerId)
    compare(
      'remembered-contribution',
      entrant?.contribution === contribution.contribution,
      "this device's contribution",
    )
  }
  return checks
}
