import { normalizeName, type PasswordProblem, passwordProblem, type Realm } from '@matchday/contracts'

/** Who chooses the password: what is known about somebody is no secret of his. */
export type PasswordOwner = {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}
export type NewPasswordProblem = PasswordProblem | 'known' | 'personal'

export const passwordProblemTexts = {
  'too-short': 'It is too short.',
  'too-long': 'It is too long.',
  'control-character': 'It has characters that no keyboard types.',
  known: 'Everybody knows this password; choose another one.',
  personal: 'It is your name or address; choose another one.',
} as const satisfies Record<NewPasswordProblem, string>

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
  // The same word several times over is as good as once.
  const word = repeatedPart(plain)
  if (isKnown(plain) || isKnown(word) || [...word].length === 1) return 'known'
  return personalWords(owner).has(lettersOf(plain)) || personalWords(owner).has(lettersOf(word))
    ? 'personal'
    : undefined
}

/** "abcabc" → "abc"; what does not repeat is itself. */
function repeatedPart(text: string): string {
  const length = (text + text).indexOf(text, 1)
  return text.slice(0, length)
}

function personalWords({ email, firstName, lastName }: PasswordOwner): ReadonlySet<string> {
  const [local = ''] = email.split('@')
  const words = [email, local, firstName, lastName, `${firstName}${lastName}`, `${lastName}${firstName}`]
  return new Set([...words, 'matchday'].map((word) => lettersOf(normalizeName(word).toLowerCase())))
}

/** Without what people put between words. */
function lettersOf(text: string): string {
  return text.replace(/[\s._-]/g, '')
}
