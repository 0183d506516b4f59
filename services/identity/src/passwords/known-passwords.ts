import { dictionary } from '@zxcvbn-ts/language-common'

let known: ReadonlySet<string> | undefined

/** The passwords that people choose most, about 50,000 of them. Read when the first one is asked for. */
export function isKnownPassword(password: string): boolean {
  known ??= new Set(dictionary['passwords-common'])
  return known.has(password)
}
