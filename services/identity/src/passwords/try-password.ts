import type { Budgets, Rows } from '../budgets/budgets.ts'
import { isRejection, type TooMany, tooMany, whenNotBusy } from '../refusals.ts'
import type { PasswordHasher } from './hasher.ts'

type Holder = { readonly passwordHash: string | null }
/** Whose password is tried, from where. `subject` need not exist: what doesn't costs the same, and tells the same. */
export type PasswordTry<Found extends Holder> = {
  readonly subject: string
  readonly address: string | undefined
  readonly password: string
  /** Looks up whose it is; only after the budgets allow a try. */
  readonly find: () => Promise<Found | null>
}
export type Tried<Found extends Holder> =
  | { readonly kind: 'right'; readonly found: Found; readonly passwordHash: string }
  | { readonly kind: 'wrong' }
  | TooMany

/** Tries a password within the budgets. */
export async function tryPassword<Found extends Holder>(
  { budgets, passwords }: { readonly budgets: Budgets; readonly passwords: PasswordHasher },
  rows: Rows,
  { subject, address, password, find }: PasswordTry<Found>,
): Promise<Tried<Found>> {
  const allowed = await budgets.beginTry(rows, subject, address)
  if (allowed.kind === 'refused') return tooMany(allowed)
  const found = await find()
  const passwordHash = found?.passwordHash ?? null
  const isRight = await whenNotBusy(() => passwords.verify(passwordHash, password))
  if (isRejection(isRight)) {
    await allowed.settle('unknown')
    return isRight
  }
  await allowed.settle(isRight ? 'right' : 'wrong')
  if (!isRight || found === null || passwordHash === null) return { kind: 'wrong' }
  return { kind: 'right', found, passwordHash }
}
