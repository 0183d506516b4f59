import { afterAll, expect } from 'vitest'
import { type Lab, type LabOptions, openLab } from './lab.ts'

/** One lab for all tests of a file, closed after them: none of them may have broken a contract. */
export async function labOfFile(options?: LabOptions): Promise<Lab> {
  const lab = await openLab(options)
  afterAll(async () => {
    expect(lab.breaches()).toEqual([])
    await lab.close()
  })
  return lab
}
