import { normalizeName } from '@matchday/contracts'
import type { Transaction } from '@matchday/kernel'
import type { Account, Language } from '../domain/account.ts'
import { lockedAccount } from './accounts.ts'

/** What is left out stays. */
export type ProfileChanges = {
  readonly firstName?: string
  readonly lastName?: string
  readonly language?: Language
  readonly phone?: string | null
  readonly showsFullName?: boolean
}

const updateStatement = /* sql */ `
  update accounts set first_name = $2, last_name = $3, language = $4, phone = $5, shows_full_name = $6 where id = $1`

/** The account as it is after the change; null: it is gone. */
export async function changeProfile(
  transaction: Transaction,
  accountId: string,
  changes: ProfileChanges,
): Promise<Account | null> {
  const account = await lockedAccount(transaction, accountId)
  if (account === null) return null
  const { firstName, lastName, phone } = changes
  const changed: Account = {
    ...account,
    firstName: firstName === undefined ? account.firstName : normalizeName(firstName),
    lastName: lastName === undefined ? account.lastName : normalizeName(lastName),
    language: changes.language ?? account.language,
    phone: typeof phone === 'string' ? normalizeName(phone) : phone === null ? null : account.phone,
    showsFullName: changes.showsFullName ?? account.showsFullName,
  }
  await transaction.query(updateStatement, [
    accountId,
    changed.firstName,
    changed.lastName,
    changed.language,
    changed.phone,
    changed.showsFullName,
  ])
  return changed
}
