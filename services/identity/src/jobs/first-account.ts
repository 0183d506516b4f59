import type { Job } from '@matchday/kernel'
import { ensureSetup, ensureSuperadmin } from '../accounts/setup.ts'
import type { CompleteIdentityConfig } from '../config.ts'
import type { IdentityParts } from '../parts.ts'
import { jobLimits } from './job-limits.ts'

type Parts = Pick<IdentityParts, 'realm' | 'registration' | 'clock' | 'newId' | 'links' | 'passwords'> &
  Pick<CompleteIdentityConfig, 'superadmin' | 'onSetupLink'>

/** Sees to it that somebody can get in: the administrator of the configuration, or whoever opens the link. */
export function firstAccount(parts: Parts): Job {
  const { realm, registration, clock, newId, links, passwords, superadmin, onSetupLink } = parts
  let told: string | null = null
  return {
    name: 'first-account',
    everyMs: jobLimits.firstAccountEveryMs,
    run: async ({ transaction }) => {
      if (realm !== 'staff') return false
      const now = new Date(clock.now())
      if (superadmin !== undefined) {
        await transaction((work) => ensureSuperadmin(work, passwords, newId, superadmin, now))
      }
      if (registration !== 'closed') return false
      const id = await transaction((work) => ensureSetup(work, newId, now))
      if (id !== null && id !== told) onSetupLink?.(links('setup', id))
      told = id
      return false
    },
  }
}
