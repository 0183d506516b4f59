import { type Caller, playerIdentityOperations, staffIdentityOperations } from '@matchday/contracts'
import { Fault, type ReadContext, read } from '@matchday/kernel'
import { accountById } from '../accounts/accounts.ts'
import type { Account } from '../domain/account.ts'
import { signedIn } from '../sessions/signed-in.ts'

export const getStaffProfile = () =>
  read(staffIdentityOperations.getStaffProfile, async (_input, caller, { rows }) => {
    const account = await ownAccount(rows, caller)
    const { phone, platformRole } = account
    return { kind: 'ok', body: { ...shownProfile(account), phone, platformRole } }
  })

export const getPlayerProfile = () =>
  read(playerIdentityOperations.getPlayerProfile, async (_input, caller, { rows }) => {
    const account = await ownAccount(rows, caller)
    return { kind: 'ok', body: { ...shownProfile(account), showsFullName: account.showsFullName } }
  })

/** The guard has just seen it; whoever deletes it between the two is answered at the next try. */
export async function ownAccount(rows: ReadContext['rows'], caller: Caller): Promise<Account> {
  const account = await accountById(rows, signedIn(caller).accountId)
  if (account === null)
    throw new Fault('unavailable', 'the account has just been deleted', { retryable: true })
  return account
}

function shownProfile({ id, email, firstName, lastName, language, passwordHash, createdAt }: Account) {
  return {
    // Ids of rows are what they were inserted as: of this realm's kind.
    accountId: id as never,
    email,
    firstName,
    lastName,
    language,
    hasPassword: passwordHash !== null,
    createdAt: createdAt.toISOString(),
  }
}
