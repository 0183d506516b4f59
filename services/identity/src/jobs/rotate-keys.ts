import type { Clock, Job } from '@matchday/kernel'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { jobLimits } from './job-limits.ts'
import { notSooner } from './not-sooner.ts'

/** Makes the first key before anybody needs it, and each next one in time. */
export function rotateKeys({
  clock,
  signingKeys,
}: {
  readonly clock: Clock
  readonly signingKeys: SigningKeys
}): Job {
  return notSooner(clock, {
    name: 'signing-keys',
    everyMs: jobLimits.keysEveryMs,
    run: async ({ transaction }) => {
      await transaction((work) => signingKeys.rotate(work, new Date(clock.now())))
      return false
    },
  })
}
