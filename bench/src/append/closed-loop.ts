import { percentile } from '../statistics.ts'

export type LoopReport = {
  readonly count: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** So many callers, each of which calls again as soon as it has its answer, for so long. */
export async function closedLoop(
  callers: number,
  durationMs: number,
  call: (caller: number) => Promise<unknown>,
): Promise<LoopReport> {
  const latencies: number[] = []
  const begun = performance.now()
  const until = begun + durationMs
  const loop = async (caller: number) => {
    for (let now = performance.now(); now < until; ) {
      await call(caller)
      const after = performance.now()
      latencies.push(after - now)
      now = after
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, caller) => loop(caller)))
  return {
    count: latencies.length,
    perSecond: (latencies.length * 1_000) / (performance.now() - begun),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  }
}
