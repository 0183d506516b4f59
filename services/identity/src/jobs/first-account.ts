import type { Job, JobContext } from '@matchday/kernel'
import { accountByEmail } from '../accounts/accounts.ts'
import { ensureSetup, insertSuperadmin } from '../accounts/setup.ts'
import type { CompleteIdentityConfig } from '../config.ts'
import type { IdentityParts } from '../parts.ts'
import { jobLimits } from './job-limits.ts'
import { notSooner } from './not-sooner.ts'

type Parts = Pick<IdentityParts, 'realm' | 'clock' | 'newId' | 'links' | 'passwords'> &
  Pick<CompleteIdentityConfig, 'superadmin' | 'onSetupLink'>

/**
 * Sees to it that there is somebody who may do everything: the administrator of the configuration, or whoever opens the
 * link, however many strangers have signed up by then.
 */
export function firstAccount(parts: Parts): Job {
  let told: string | null = null
  return notSooner(parts.clock, {
    name: 'first-account',
    everyMs: jobLimits.firstAccountEveryMs,
    run: async (context) => {
      if (parts.realm !== 'staff') return false
      await ensureSuperadmin(parts, context)
      const id = await context.transaction((work) =>
        ensureSetup(work, parts.newId, new Date(parts.clock.now())),
      )
      if (id !== null && id !== told) parts.onSetupLink?.(parts.links('setup', id))
      told = id
      return false
    },
  })
}

async function ensureSuperadmin(
  { superadmin, passwords, newId, clock }: Parts,
  { rows, transaction }: JobContext,
): Promise<void> {
  if (superadmin === undefined || (await accountByEmail(rows, superadmin.email)) !== null) return
  const hash = await passwords.hash(superadmin.password)
  await transaction((work) => insertSuperadmin(work, newId(), superadmin, hash, new Date(clock.now())))
}
