import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const stopMs = 10_000
const pollMs = 1

/**
 * SIGSTOP; resolves when every thread stands still. Until then, on a busy machine for some milliseconds, threads go on
 * and may answer what is sent after the signal. Rejects when it does not stop in 10 s, or has ended.
 */
export async function pauseProcess(id: number): Promise<void> {
  process.kill(id, 'SIGSTOP')
  const until = performance.now() + stopMs
  while (!(await standsStill(id))) {
    if (performance.now() > until) throw new Error(`Process ${id} does not stop`)
    await sleep(pollMs)
  }
}

/** As Linux tells it, by a letter for each thread; proc(5). */
async function standsStill(id: number): Promise<boolean> {
  const threads = await readdir(`/proc/${id}/task`)
  const states = await Promise.all(threads.map((thread) => stateOf(`/proc/${id}/task/${thread}`)))
  return states.every((state) => state === 'T')
}

/** The letter comes after the name, which is in brackets and may hold any others; a thread that has ended has none. */
async function stateOf(folder: string): Promise<string> {
  const stat = await readFile(`${folder}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? 'gone'
}
