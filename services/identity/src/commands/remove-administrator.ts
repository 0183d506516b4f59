import { staffIdentityOperations } from '@matchday/contracts'
import { reject, rowCommand } from '@matchday/kernel'
import { deleteAccount } from '../accounts/delete-account.ts'
import { managedAdministrator } from '../accounts/managed-administrator.ts'
import { isSoleOwner } from '../accounts/sole-owner.ts'
import type { IdentityParts } from '../parts.ts'
import { signedIn } from '../sessions/signed-in.ts'

export const removeAdministrator = ({ newId }: Pick<IdentityParts, 'newId'>) =>
  rowCommand(staffIdentityOperations.removeAdministrator, {
    prepare: async ({ accountId }, context) => ({ isSoleOwner: await isSoleOwner(context, accountId) }),
    stream: ({ accountId }) => accountId,
    run: async (transaction, { input, facts, caller, now }) => {
      const managerId = signedIn(caller).accountId
      const managed = await managedAdministrator(transaction, input.accountId, managerId)
      if (managed.kind === 'rejected') return managed
      if (facts.isSoleOwner) return reject('last-owner')
      const events = await deleteAccount(transaction, newId, managed.account, managerId, new Date(now))
      return { kind: 'accepted', answer: {}, events }
    },
    present: () => undefined,
  })
