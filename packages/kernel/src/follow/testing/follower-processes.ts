import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Database } from '../../store/database.ts'

export type FollowerProcess = {
  readonly child: ChildProcess
  /** Streams of the events that it was given, and when that was heard here (monotonic, ms). */
  readonly reacted: { readonly stream: string; readonly atMs: number }[]
  /** Lets it end properly. */
  end(): Promise<void>
  kill(): Promise<void>
}

type Line = { isUp?: true; reacted?: string }
export type FollowerMode = 'lease' | 'no-expiry'

/** Starts a follower in another process; resolves when it is up. */
export async function startFollowerProcess(
  database: Database,
  natsUrl: string,
  mode: FollowerMode = 'lease',
): Promise<FollowerProcess> {
  const argument = JSON.stringify({ database, natsUrl, mode })
  const child = spawn(process.execPath, ['--import', 'tsx', '../fixtures/follower-process.ts', argument], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const reacted: { stream: string; atMs: number }[] = []
  const lines = createInterface({ input: child.stdout })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the follower ended before it was up')))
    lines.on('line', (text) => {
      const line: Line = JSON.parse(text)
      if (line.isUp) resolve()
      if (line.reacted !== undefined) reacted.push({ stream: line.reacted, atMs: performance.now() })
    })
  })
  return {
    child,
    reacted,
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
