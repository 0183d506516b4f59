import { normalizeName } from './names.ts'
import type { Realm } from './roles.ts'

/** What people sign in with. One set of rules for the browser's form, the edge and the service. */

export const emailLengthMax = 320
/** Organisers' people look after others' data; players look after their own. */
export const passwordLengthMin: Readonly<Record<Realm, number>> = { staff: 15, players: 8 }
/** In code points. Bounds the work of hashing; long sentences fit. */
export const passwordLengthMax = 128
export const phoneLengthMax = 30

/** As it is stored and written to. */
export function normalizeEmail(typed: string): string {
  return normalizeName(typed)
}

/** Two addresses with the same key are one account. */
export function emailKey(email: string): string {
  return normalizeEmail(email).toLowerCase()
}

/**
 * One `@` with something sensible on both sides. Whether there is such a mailbox only a mail can tell, so nothing
 * cleverer is tried.
 */
export function isEmail(typed: string): boolean {
  const email = normalizeEmail(typed)
  return (
    email.length <= emailLengthMax &&
    /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u.test(
      email,
    )
  )
}

export type PasswordProblem = 'too-short' | 'too-long' | 'control-character'

/** What is wrong with a new password, or `undefined`. No rules of composition: length is what counts. */
export function passwordProblem(typed: string, realm: Realm): PasswordProblem | undefined {
  if (/[\p{Cc}\p{Cs}]/u.test(typed)) return 'control-character'
  const length = [...typed].length
  if (length < passwordLengthMin[realm]) return 'too-short'
  return length > passwordLengthMax ? 'too-long' : undefined
}

/** Digits, spaces and the usual marks; `+` in front. */
export function isPhone(typed: string): boolean {
  return /^\+?[0-9](?:[0-9 ()./-]{1,28})[0-9]$/.test(normalizeName(typed))
}
