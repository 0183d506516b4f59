import { readFile } from 'node:fs/promises'
import type { Database } from '../../store/database.ts'
import { type FixtureProcess, startFixture } from '../../testing/fixture-process.ts'

/** What one process published, and when the line arrived here (monotonic, ms). */
export type Published = { readonly stream: string; readonly atMs: number }

export type RelayProcess = FixtureProcess & {
  readonly published: Published[]
  /** When it began to lead, each time (monotonic, ms). */
  readonly ledAtMs: number[]
  /** A letter of proc(5): `T` is stopped. */
  stateLetter(): Promise<string>
}

type Line = { isUp?: true; isLeading?: true; streams?: string[] }
const fixture = new URL('../fixtures/relay-process.ts', import.meta.url)

/** Starts a relay in another process; resolves when it is up. */
export async function startRelayProcess(
  database: Database,
  mode: 'lease' | 'no-lease' | 'no-expiry' = 'lease',
): Promise<RelayProcess> {
  const published: Published[] = []
  const ledAtMs: number[] = []
  const started = await startFixture<Line>(fixture, { database, mode }, ({ isLeading, streams = [] }) => {
    const atMs = performance.now()
    if (isLeading) ledAtMs.push(atMs)
    for (const stream of streams) published.push({ stream, atMs })
  })
  return {
    ...started,
    published,
    ledAtMs,
    stateLetter: async () => {
      const stat = await readFile(`/proc/${started.child.pid}/stat`, 'utf8')
      return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? ''
    },
  }
}
