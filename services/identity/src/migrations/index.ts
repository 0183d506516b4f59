import type { Migration } from '@matchday/kernel'
import { budgets } from './budgets.ts'
import { signOuts } from './sign-outs.ts'
import { tables } from './tables.ts'

/** Never change a step that was released; add the next one at the end. */
export const identityMigrations: readonly Migration[] = [
  { id: 'identity-1-tables', sql: tables },
  { id: 'identity-2-budgets', sql: budgets },
  { id: 'identity-3-sign-outs', sql: signOuts },
]
