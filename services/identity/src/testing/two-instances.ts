import { afterAll } from 'vitest'
import { type IdentityLab, type LabOptions, openIdentityLab } from './identity-lab.ts'

/** Two instances of the service on one database, for all tests of a group, and closed after them. */
export async function twoInstances(options: LabOptions = {}): Promise<readonly [IdentityLab, IdentityLab]> {
  const first = await openIdentityLab(options)
  const second = await openIdentityLab({ ...options, database: first.database, clock: first.clock })
  afterAll(async () => {
    await second.close()
    await first.close()
  })
  return [first, second]
}
