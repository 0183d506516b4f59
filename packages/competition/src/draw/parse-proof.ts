import type { Assignment } from './draw.ts'
import {
  DRAW_LIMITS,
  DRAW_MODES,
  type DrawMode,
  drawInputProblem,
  isAttempt,
  isHex32,
  isLineText,
} from './draw-input.ts'
import {
  type AttemptProof,
  type DrawProof,
  PROOF_FORMAT,
  type ProofEntrant,
  type VoidedDraw,
} from './proof.ts'

export type ParsedProof =
  | { readonly ok: true; readonly proof: DrawProof }
  | { readonly ok: false; readonly detail: string }

class FormatProblem extends Error {}

type Fields = Readonly<Record<string, unknown>>

const ATTEMPT_FIELDS = [
  'format',
  'tournamentId',
  'attempt',
  'mode',
  'commitment',
  'seed',
  'entrants',
  'entrantsHash',
  'assignments',
] as const

/**
 * Copies a proof out of anything at all. What comes back is plain and bounded; fields that the format does
 * not know are refused, so that nothing unchecked travels in a document that shows green.
 */
export function parseProof(document: unknown): ParsedProof {
  try {
    return { ok: true, proof: readProof(document) }
  } catch (error) {
    // A getter or a proxy may throw anything. Whatever it was: this is not a document of the format.
    return { ok: false, detail: error instanceof FormatProblem ? error.message : 'cannot be read' }
  }
}

function readProof(document: unknown): DrawProof {
  const fields = readFields(document, 'document', ATTEMPT_FIELDS, ['voided'])
  const attempt = readAttemptProof(fields, '')
  if (fields.voided === undefined) return attempt
  const voided = readList(fields.voided, 'voided', DRAW_LIMITS.attemptsMax).map(readVoided)
  return { ...attempt, voided }
}

function readVoided(value: unknown, index: number): VoidedDraw {
  const path = `voided/${index}`
  const fields = readFields(value, path, ['reason', 'proof'])
  const proof = readFields(fields.proof, `${path}/proof`, ATTEMPT_FIELDS)
  return {
    reason: readReason(fields.reason, `${path}/reason`),
    proof: readAttemptProof(proof, `${path}/proof/`),
  }
}

function readAttemptProof(fields: Fields, path: string): AttemptProof {
  const { format, attempt } = fields
  if (format !== PROOF_FORMAT) throw new FormatProblem(`${path}format is not ${PROOF_FORMAT}`)
  if (typeof attempt !== 'number' || !isAttempt(attempt)) throw new FormatProblem(`${path}attempt`)
  const entrants = readList(fields.entrants, `${path}entrants`, DRAW_LIMITS.entrantsMax)
  const assignments = readList(fields.assignments, `${path}assignments`, DRAW_LIMITS.entrantsMax)
  const proof = {
    format,
    tournamentId: readText(fields.tournamentId, `${path}tournamentId`),
    attempt,
    mode: readMode(fields.mode, `${path}mode`),
    commitment: readHex(fields.commitment, `${path}commitment`),
    seed: readHex(fields.seed, `${path}seed`),
    entrants: entrants.map((entrant, index) => readEntrant(entrant, `${path}entrants/${index}`)),
    entrantsHash: readHex(fields.entrantsHash, `${path}entrantsHash`),
    assignments: assignments.map((value, index) => readAssignment(value, `${path}assignments/${index}`)),
  } satisfies AttemptProof
  const problem = drawInputProblem(proof)
  if (problem !== null) throw new FormatProblem(`${path}${problem}`)
  return proof
}

function readEntrant(value: unknown, path: string): ProofEntrant {
  const fields = readFields(value, path, ['playerId', 'pick', 'contribution'], ['name'])
  const entrant = {
    playerId: readText(fields.playerId, `${path}/playerId`),
    pick: readText(fields.pick, `${path}/pick`),
    contribution: fields.contribution === null ? null : readHex(fields.contribution, `${path}/contribution`),
  }
  return fields.name === undefined ? entrant : { ...entrant, name: readLabel(fields.name, `${path}/name`) }
}

function readAssignment(value: unknown, path: string): Assignment {
  const fields = readFields(value, path, ['playerId', 'team'])
  return {
    playerId: readText(fields.playerId, `${path}/playerId`),
    team: readText(fields.team, `${path}/team`),
  }
}

/** Each field is read from the value once, so that what was checked is what is used. */
function readFields(
  value: unknown,
  path: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormatProblem(`${path} is not an object`)
  }
  const fields: Fields = { ...value }
  const unknown = Object.keys(fields).find((key) => !required.includes(key) && !optional.includes(key))
  if (unknown !== undefined) throw new FormatProblem(`${path} has an unknown field`)
  const missing = required.find((key) => !Object.hasOwn(fields, key))
  if (missing !== undefined) throw new FormatProblem(`${path} lacks ${missing}`)
  return fields
}

function readList(value: unknown, path: string, lengthMax: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new FormatProblem(`${path} is not a list`)
  const { length } = value
  if (length > lengthMax) throw new FormatProblem(`${path} has more than ${lengthMax} items`)
  return Array.from({ length }, (_, index): unknown => value[index])
}

function readText(value: unknown, path: string): string {
  if (typeof value !== 'string' || !isLineText(value)) throw new FormatProblem(path)
  return value
}

function readHex(value: unknown, path: string): string {
  if (typeof value !== 'string' || !isHex32(value)) throw new FormatProblem(path)
  return value
}

function readLabel(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.length > DRAW_LIMITS.textLengthMax) throw new FormatProblem(path)
  return value
}

function readReason(value: unknown, path: string): string {
  const reason = readLabel(value, path)
  if (reason.trim() === '') throw new FormatProblem(`${path} is empty`)
  return reason
}

function readMode(value: unknown, path: string): DrawMode {
  const mode = DRAW_MODES.find((known) => known === value)
  if (mode === undefined) throw new FormatProblem(path)
  return mode
}
