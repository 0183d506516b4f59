/**
 * Names that people type: tournaments, players, teams, organisations. One set of rules for the browser's form, the edge
 * and the service.
 */
export const nameLengthMax = { tournament: 100, person: 60, team: 60, organization: 200, title: 200 } as const
export type NameKind = keyof typeof nameLengthMax

/** Trimmed and in Unicode's composed form (NFC): what is stored and shown. */
export function normalizeName(typed: string): string {
  return typed.normalize('NFC').trim()
}

/**
 * Two names with the same key are the same name: case, accents, compatibility forms, invisible characters and runs
 * of white space make no difference. "PSG", "psg" and "P\u200bSG" meet; "Åse" and "ase" too.
 */
export function nameKey(name: string): string {
  // Most names, and many times quicker.
  if (/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(name)) return name.toLowerCase()
  return name
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/ı/g, 'i')
    .replace(/ß/g, 'ss')
}

export type NameProblem = 'empty' | 'too-long' | 'control-character'

/**
 * What is wrong with a typed name, or `undefined`. Length counts code points after normalisation.
 * Refused: control characters, line separators, lone surrogates, and the invisible characters that turn the
 * direction of the text around them (a name must not be able to rearrange a projector's list).
 */
export function nameProblem(typed: string, kind: NameKind): NameProblem | undefined {
  return lineProblem(typed, nameLengthMax[kind])
}

/** Reasons that people give (for voiding a draw): shown to all, so the rules of names hold, with more room. */
export const reasonLengthMax = 200

/** What is wrong with a typed reason, or `undefined`. */
export function reasonProblem(typed: string): NameProblem | undefined {
  return lineProblem(typed, reasonLengthMax)
}

/**
 * What is wrong with a longer text, or `undefined`: as for names, but lines may be broken, and it may be empty.
 * Length counts code points after normalisation.
 */
export function textProblem(typed: string, lengthMax: number): NameProblem | undefined {
  const text = normalizeText(typed)
  if (/[\p{Cs}\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}/u.test(text)) return 'control-character'
  return [...text].length > lengthMax ? 'too-long' : undefined
}

/** Trimmed, in NFC, with line feeds alone between lines: what is stored and shown. */
export function normalizeText(typed: string): string {
  return typed.normalize('NFC').replace(/\r\n?/g, '\n').trim()
}

/**
 * What everybody may see of a name: the first name, and of the last name one letter. Combining marks stay with
 * their letter.
 */
export function initialOf(lastName: string): string {
  const [letter = ''] = normalizeName(lastName).match(/\P{M}\p{M}*/u) ?? []
  return `${letter.toLocaleUpperCase('en')}.`
}

/** What is wrong with one line of text that somebody typed, or `undefined`. The rules of names, with any length. */
export function lineProblem(typed: string, lengthMax: number): NameProblem | undefined {
  const line = normalizeName(typed)
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(line)) return 'control-character'
  if (!/[^\p{Z}\p{C}\p{M}]/u.test(line)) return 'empty'
  // Bounds the code points and, against heaps of combining marks, what is drawn over one letter.
  return [...line].length > lengthMax ? 'too-long' : undefined
}
