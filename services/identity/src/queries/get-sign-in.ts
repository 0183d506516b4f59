import { passwordLengthMin } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { hasSuperadmin } from '../accounts/accounts.ts'
import type { CompleteIdentityConfig } from '../config.ts'
import type { RealmOperations } from '../realm-operations.ts'

type Config = Pick<CompleteIdentityConfig, 'realm' | 'registration' | 'oidc' | 'smtp'>

export const getSignIn = (
  operation: RealmOperations['getSignIn'],
  { realm, registration, oidc, smtp }: Config,
) =>
  read(operation, async (_input, _caller, { rows }) => ({
    kind: 'ok',
    body: {
      registration,
      needsSetup: realm === 'staff' && !(await hasSuperadmin(rows)),
      oidc: oidc?.name ?? null,
      mail: smtp === undefined ? ('outbox' as const) : ('smtp' as const),
      passwordLengthMin: passwordLengthMin[realm],
    },
  }))
