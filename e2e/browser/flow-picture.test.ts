import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { removeFolder, temporaryFolder } from '../support/matchday.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const timeoutMs = 120_000

it(
  'the picture of the README can be drawn from what Matchday looks like now',
  async () => {
    const folder = await temporaryFolder()
    try {
      const file = join(folder, 'images', 'flow.webp')
      const args = ['--import', 'tsx', 'e2e/flow-picture.ts', file]
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: timeoutMs })
      expect(stdout).toContain(file)
      const picture = await readFile(file)
      expect([picture.toString('latin1', 0, 4), picture.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WEBP'])
      expect(picture.length).toBeGreaterThan(30_000)
    } finally {
      await removeFolder(folder)
    }
  },
  timeoutMs,
)
