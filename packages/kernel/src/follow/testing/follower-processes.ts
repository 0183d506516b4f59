import type { Database } from '../../store/database.ts'
import { type FixtureProcess, startFixture } from '../../testing/fixture-process.ts'

export type FollowerProcess = FixtureProcess & {
  /** Streams of the events that it was given, and when that was heard here (monotonic, ms). */
  readonly reacted: { readonly stream: string; readonly atMs: number }[]
}

type Line = { isUp?: true; reacted?: string }
export type FollowerMode = 'lease' | 'no-expiry'
const fixture = new URL('../fixtures/follower-process.ts', import.meta.url)

/** Starts a follower in another process; resolves when it is up. */
export async function startFollowerProcess(
  database: Database,
  natsUrl: string,
  mode: FollowerMode = 'lease',
): Promise<FollowerProcess> {
  const reacted: { stream: string; atMs: number }[] = []
  const started = await startFixture<Line>(fixture, { database, natsUrl, mode }, ({ reacted: stream }) => {
    if (stream !== undefined) reacted.push({ stream, atMs: performance.now() })
  })
  return { ...started, reacted }
}
