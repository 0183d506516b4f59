import { playerIdentityOperations, staffIdentityOperations } from '@matchday/contracts'
import { type RowAcceptance, rowCommand, type Transaction } from '@matchday/kernel'
import { recordChange } from '../accounts/administrator-changes.ts'
import { changeProfile, type ProfileChanges } from '../accounts/change-profile.ts'
import type { IdentityParts } from '../parts.ts'
import { signedIn } from '../sessions/signed-in.ts'

type Parts = Pick<IdentityParts, 'newId'>

export const changeStaffProfile = (parts: Parts) =>
  rowCommand(staffIdentityOperations.changeStaffProfile, {
    prepare: () => null,
    stream: (_input, _facts, caller) => signedIn(caller).accountId,
    run: (transaction, { input, caller, now }) =>
      changeOwn(parts, transaction, signedIn(caller).accountId, input, new Date(now)),
    present: () => undefined,
  })

export const changePlayerProfile = (parts: Parts) =>
  rowCommand(playerIdentityOperations.changePlayerProfile, {
    prepare: () => null,
    stream: (_input, _facts, caller) => signedIn(caller).accountId,
    run: (transaction, { input, caller, now }) =>
      changeOwn(parts, transaction, signedIn(caller).accountId, input, new Date(now)),
    present: () => undefined,
  })

async function changeOwn(
  { newId }: Parts,
  transaction: Transaction,
  accountId: string,
  changes: ProfileChanges,
  now: Date,
): Promise<RowAcceptance> {
  const account = await changeProfile(transaction, accountId, changes)
  if (account !== null && account.platformRole !== null) {
    await recordChange(transaction, newId(), accountId, 'changed', account, now)
  }
  return { kind: 'accepted', answer: {} }
}
