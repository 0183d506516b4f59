import { staffIdentityOperations } from '@matchday/contracts'
import { rowCommand } from '@matchday/kernel'
import { recordChange } from '../accounts/administrator-changes.ts'
import { changeProfile } from '../accounts/change-profile.ts'
import { managedAdministrator } from '../accounts/managed-administrator.ts'
import type { IdentityParts } from '../parts.ts'
import { signedIn } from '../sessions/signed-in.ts'

export const changeAdministrator = ({ newId }: Pick<IdentityParts, 'newId'>) =>
  rowCommand(staffIdentityOperations.changeAdministrator, {
    prepare: () => null,
    stream: ({ accountId }) => accountId,
    run: async (transaction, { input, caller, now }) => {
      const { accountId, ...changes } = input
      const managerId = signedIn(caller).accountId
      const managed = await managedAdministrator(transaction, accountId, managerId)
      if (managed.kind === 'rejected') return managed
      const changed = await changeProfile(transaction, accountId, changes)
      await recordChange(transaction, newId(), managerId, 'changed', changed!, new Date(now))
      return { kind: 'accepted', answer: {} }
    },
    present: () => undefined,
  })
