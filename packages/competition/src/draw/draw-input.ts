/** How teams are given out: to anybody, to nobody who picked them, or to those who picked them. */
export const DRAW_MODES = ['any', 'derangement', 'keep'] as const
export type DrawMode = (typeof DRAW_MODES)[number]

/** A player, the team that he picked, and the random number (64 hexadecimal digits) that his device added. */
export type Entrant = {
  readonly playerId: string
  readonly pick: string
  readonly contribution: string | null
}

/** Everything that determines a draw. Entrants stand in the order in which they joined. */
export type DrawInput = {
  readonly tournamentId: string
  /** 1 for the first draw of a tournament, one more for each redraw. */
  readonly attempt: number
  readonly mode: DrawMode
  /** 32 secret bytes as 64 lower-case hexadecimal digits; public from the draw on. */
  readonly seed: string
  readonly entrants: readonly Entrant[]
}

/** Bounds of every draw and of every proof, so that checking what a stranger sent is bounded work. */
export const DRAW_LIMITS = {
  entrantsMin: 2,
  entrantsMax: 256,
  attemptsMax: 10,
  /** In UTF-16 code units, for ids, team names and labels. */
  textLengthMax: 200,
} as const

/** 32 bytes as 64 lower-case hexadecimal digits: seeds, contributions, commitments, hashes. */
export function isHex32(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/**
 * Whether a text can stand in a line that is hashed: not empty, short, no control characters (a tab or a line
 * feed would let two lists have one hash), no half surrogate pairs (all of them encode to the same bytes).
 */
export function isLineText(text: string): boolean {
  return text.length >= 1 && text.length <= DRAW_LIMITS.textLengthMax && !/[\p{Cc}\p{Cs}]/u.test(text)
}

export function isAttempt(attempt: number): boolean {
  return Number.isInteger(attempt) && attempt >= 1 && attempt <= DRAW_LIMITS.attemptsMax
}

/** What makes a list of entrants impossible to draw, in words, or null. */
export function entrantsProblem(entrants: readonly Entrant[]): string | null {
  const { entrantsMin, entrantsMax } = DRAW_LIMITS
  if (entrants.length < entrantsMin || entrants.length > entrantsMax) {
    return `${entrants.length} entrants, not ${entrantsMin} to ${entrantsMax}`
  }
  const seen = new Set<string>()
  for (const [index, { playerId, pick, contribution }] of entrants.entries()) {
    if (!isLineText(playerId)) return `entrant ${index}: player id`
    if (!isLineText(pick)) return `entrant ${index}: pick`
    if (contribution !== null && !isHex32(contribution)) return `entrant ${index}: contribution`
    if (seen.has(playerId)) return `entrant ${index}: player ${playerId} stands there twice`
    seen.add(playerId)
  }
  return null
}

/** What makes an input impossible to draw, apart from its picks (see `feasibility`), in words, or null. */
export function drawInputProblem(input: DrawInput): string | null {
  if (!isLineText(input.tournamentId)) return 'tournament id'
  if (!isAttempt(input.attempt)) return 'attempt'
  if (!DRAW_MODES.includes(input.mode)) return 'mode'
  if (!isHex32(input.seed)) return 'seed'
  return entrantsProblem(input.entrants)
}
