import type { SourceFile } from './source-rules.ts'

/** What secrets look like. Each has an example, put together here so that it is not found itself. */
export const secretForms: readonly {
  readonly name: string
  readonly form: RegExp
  readonly example: string
}[] = [
  {
    name: 'a private key (PEM)',
    form: /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
    example: ['-----BEGIN PRIVATE', ' KEY-----'].join(''),
  },
  {
    name: 'a private key (JWK)',
    form: /["']?\bd["']?\s*:\s*["'][A-Za-z0-9_-]{43}["']/g,
    example: `{"kty":"OKP","d":"${'x'.repeat(43)}"}`,
  },
  {
    name: 'a seed of the broker',
    form: /\bS[ACNOUX][A-Z2-7]{56}\b/g,
    example: `SU${'A'.repeat(56)}`,
  },
  {
    name: 'a key of an organisation',
    form: /\bmdk_[A-Za-z0-9_-]{64}\b/g,
    example: `mdk_${'x'.repeat(64)}`,
  },
  {
    name: 'a signed token',
    form: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{40,}/g,
    example: `eyJ${'x'.repeat(20)}.eyJ${'x'.repeat(20)}.${'x'.repeat(86)}`,
  },
  {
    name: 'a token of a service that many use',
    form: /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,}|glpat-[\w-]{20}|npm_[A-Za-z0-9]{36}|xox[abprs]-[\w-]{10,}|sk-[A-Za-z0-9]{32,})\b/g,
    example: `gh${'p'}_${'x'.repeat(36)}`,
  },
  {
    name: 'a password in an address',
    form: /\b[a-z][a-z0-9+]*:\/\/[^\s/:@'"`<>]+:(?!canary|(?:password|hunter2|nothing|p%40ss|secret)@|\$)[^\s/@'"`<>]+@[\w.-]+/g,
    example: ['postgres://matchday', ':Zq7vK2Wm4x@db.example/x'].join(''),
  },
  {
    name: 'a password in a configuration',
    form: /^\s*(?:pass|password|secret|token)\s*[:=]\s*["']?(?!\$)[A-Za-z0-9+/=_-]{8,}["']?\s*$/gim,
    example: ['  pass', 'word: Zq7vK2Wm4x'].join(''),
  },
]

/** Where a secret lies, and of what form; never the secret. */
export function secretsIn({ path, text }: SourceFile): string[] {
  // In programs a line such as the last form is a name, not a value.
  const isProgram = /\.(ts|tsx|mjs|js|json|md|css)$/.test(path)
  return secretForms
    .filter(({ name }) => !(isProgram && name === 'a password in a configuration'))
    .filter(({ form }) => (text.match(form) ?? []).length > 0)
    .map(({ name }) => `${path}: ${name}`)
}
