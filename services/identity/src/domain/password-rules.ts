import { normalizeName, type PasswordProblem, passwordProblem, type Realm } from '@matchday/contracts'

/** Who chooses the password: what is known about somebody is no secret of his. */
export type PasswordOwner = {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}
/** What everybody here would try first, besides what is known about the owner. SECURITY.md lists the same. */
export const contextWords = [
  'matchday',
  'tournament',
  'organiser',
  'organizer',
  'administrator',
  'superadmin',
] as const
export type NewPasswordProblem = PasswordProblem | 'known' | 'personal'

export const passwordProblemTexts = {
  'too-short': 'It is too short.',
  'too-long': 'It is too long.',
  'control-character': 'It has characters that no keyboard types.',
  known: 'Everybody knows this password; choose another one.',
  personal: 'It is your name or address; choose another one.',
} as const satisfies Record<NewPasswordProblem, string>

/** Over and over, less than so many letters are no secret. */
const shortest = 4

/** What is wrong with a new password, or `undefined`. `isKnown` looks it up among those that everybody knows. */
export function newPasswordProblem(
  password: string,
  realm: Realm,
  owner: PasswordOwner,
  isKnown: (password: string) => boolean,
): NewPasswordProblem | undefined {
  const problem = passwordProblem(password, realm)
  if (problem !== undefined) return problem
  const plain = password.normalize('NFC').toLowerCase()
  const repeated = [...repeatedParts(plain), ...repeatedParts(trimmed(plain))]
  if (repeated.some((part) => [...part].length < shortest)) return 'known'
  const words = [plain, trimmed(plain), ...repeated].filter((word) => word !== '')
  if (words.some(isKnown)) return 'known'
  const personal = personalWords(owner)
  return words.some((word) => personal.has(withoutMarks(word)) || personal.has(lettersOf(word)))
    ? 'personal'
    : undefined
}

/** "abcabcab" → "abc": what a text is made of, over and over, its end perhaps cut off. */
function repeatedParts(text: string): string[] {
  const lengths = Array.from({ length: Math.floor(text.length / 2) }, (_, index) => index + 1)
  return lengths
    .filter((length) => text.startsWith(text.slice(length)))
    .map((length) => text.slice(0, length))
}

/** Without digits and marks in front and behind, which is how a short password is made long. */
function trimmed(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
}

function personalWords({ email, firstName, lastName }: PasswordOwner): ReadonlySet<string> {
  const [local = ''] = email.split('@')
  const words = [email, local, firstName, lastName, `${firstName}${lastName}`, `${lastName}${firstName}`]
  const plain = [...words, ...contextWords].map((word) => normalizeName(word).toLowerCase())
  return new Set(plain.flatMap((word) => [withoutMarks(word), lettersOf(word)]).filter((word) => word !== ''))
}

/** Without what people put between words. */
function withoutMarks(text: string): string {
  return text.replace(/[\s._-]/g, '')
}

function lettersOf(text: string): string {
  return text.replace(/[^\p{L}]/gu, '')
}
