import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Database } from '../../store/database.ts'

/** What one process published, and when the line arrived here (monotonic, ms). */
export type Published = { readonly stream: string; readonly atMs: number }

export type RelayProcess = {
  readonly child: ChildProcess
  readonly published: Published[]
  /** When it began to lead, each time (monotonic, ms). */
  readonly ledAtMs: number[]
  /** A letter of proc(5): `T` is stopped. */
  stateLetter(): Promise<string>
  /** Lets it end properly. */
  end(): Promise<void>
  kill(): Promise<void>
}

type Line = { isUp?: true; isLeading?: true; streams?: string[] }

/** Starts a relay in another process; resolves when it is up. */
export async function startRelayProcess(
  database: Database,
  mode: 'lease' | 'no-lease' | 'no-expiry' = 'lease',
): Promise<RelayProcess> {
  const node = ['--import', 'tsx', '../fixtures/relay-process.ts', JSON.stringify({ database, mode })]
  const child = spawn(process.execPath, node, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const published: Published[] = []
  const ledAtMs: number[] = []
  const lines = createInterface({ input: child.stdout })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the relay process ended before it was up')))
    lines.on('line', (text) => {
      const line: Line = JSON.parse(text)
      const atMs = performance.now()
      if (line.isUp) resolve()
      if (line.isLeading) ledAtMs.push(atMs)
      for (const stream of line.streams ?? []) published.push({ stream, atMs })
    })
  })
  return {
    child,
    published,
    ledAtMs,
    stateLetter: async () => {
      const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8')
      return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? ''
    },
    end: async () => {
      child.stdin.end()
      await exit
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exit
    },
  }
}
