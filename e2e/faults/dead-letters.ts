import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../cluster/cluster.ts'
import { runMatchday } from '../support/matchday.ts'

/** One line of `matchday dead-letters list --json`. */
export type ListedLetter = {
  readonly queue: { readonly service: string; readonly lane: string }
  readonly envelope: { readonly id: string; readonly items: readonly { readonly id: string }[] }
  readonly attempts: number
  readonly reason: string
  readonly rawBase64?: string
  readonly withheld?: true
}

const pollMs = 500

/** The only server of a cluster. */
export function brokerOf(cluster: Cluster): { readonly url: string; readonly port: number } {
  if ('servers' in cluster.nats) throw new Error('There are several servers')
  return cluster.nats
}

/** The command line, as an operator uses it. */
export async function deadLetters(cluster: Cluster, ...words: readonly string[]): Promise<string> {
  const env = { MATCHDAY_NATS_URL: brokerOf(cluster).url }
  const { code, output, error } = await runMatchday(['dead-letters', ...words], { env })
  if (code !== 0) throw new Error(`dead-letters ${words.join(' ')} has ended with ${code}: ${output}${error}`)
  return output
}

export async function listLetters(cluster: Cluster): Promise<readonly ListedLetter[]> {
  return JSON.parse(await deadLetters(cluster, 'list', '--json', '--limit', '1000'))
}

/** Rejects with what there is when that isn't enough in time. */
export async function untilLetters(
  cluster: Cluster,
  count: number,
  patienceMs: number,
): Promise<readonly ListedLetter[]> {
  const until = performance.now() + patienceMs
  for (;;) {
    const letters = await listLetters(cluster)
    if (letters.length >= count) return letters
    if (performance.now() > until)
      throw new Error(
        `${letters.length} dead letters instead of ${count}: ${JSON.stringify(letters).slice(0, 2_000)}`,
      )
    await sleep(pollMs)
  }
}
