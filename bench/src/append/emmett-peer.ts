import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startWorker, type Worker } from '../worker.ts'
import type { LoopReport } from './closed-loop.ts'
import type { EmmettQuestion } from './emmett-worker.ts'

const folder = fileURLToPath(new URL('../../peers/emmett', import.meta.url))
const installTimeoutMs = 60_000

/** Emmett, installed now from its own lock file if it isn't there yet; a sentence when it can't be had. */
export async function startEmmett(): Promise<
  { worker: Worker<EmmettQuestion, LoopReport | null>; version: string; folder: string } | { missing: string }
> {
  const main = `${folder}/node_modules/@event-driven-io/emmett-postgresql/package.json`
  if (!existsSync(main)) {
    try {
      const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
      await promisify(execFile)('npm', flags, { cwd: folder, timeout: installTimeoutMs })
    } catch (error) {
      return { missing: `Emmett could not be installed: ${error instanceof Error ? error.message : error}` }
    }
  }
  const { version }: { version: string } = JSON.parse(await readFile(main, 'utf8'))
  return { worker: startWorker('emmett-worker'), version, folder }
}
