import { setTimeout as sleep } from 'node:timers/promises'

/** Polls what nobody tells. Milliseconds that it took; throws when it does not become so in time. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<number> {
  const startedAt = performance.now()
  while (!(await isSo())) {
    if (performance.now() - startedAt > timeoutMs) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await sleep(20)
  }
  return performance.now() - startedAt
}
