import type { Rejection } from '@matchday/kernel'
import type { Refused } from './budgets/budgets.ts'
import { type NewPasswordProblem, passwordProblemTexts } from './domain/password-rules.ts'
import { HashingBusy } from './passwords/hasher.ts'

export type TooMany = Rejection<'too-many-requests'>

export function tooMany({ retryAfterS }: Pick<Refused, 'retryAfterS'>): TooMany {
  return { kind: 'rejected', code: 'too-many-requests', retryAfterS }
}

export function isRejection<Value>(value: Value): value is Extract<Value, Rejection> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'rejected'
}

/** `field`: where the password stands in the body. */
export function badPassword(
  problem: NewPasswordProblem | 'same',
  field: 'password' | 'newPassword',
): Rejection<'invalid-input'> {
  const message = problem === 'same' ? 'It is the one you have.' : passwordProblemTexts[problem]
  return {
    kind: 'rejected',
    code: 'invalid-input',
    fields: [{ path: `/body/${field}`, code: problem, message }],
  }
}

/** A full queue of hashes is told as what it is: nothing was done, come again. */
export async function whenNotBusy<Result>(work: () => Promise<Result>): Promise<Result | TooMany> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HashingBusy) return tooMany(error)
    throw error
  }
}
