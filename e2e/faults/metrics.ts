import type { Member } from '../cluster/cluster.ts'

const answerMs = 10_000

/** The sum of a metric over all its labels, or those that hold the text given; 0 when it has none. */
export function sumOf(page: string, name: string, label = ''): number {
  let sum = 0
  for (const line of page.split('\n')) {
    if (!line.startsWith(name) || !/[ {]/.test(line[name.length] ?? '') || !line.includes(label)) continue
    sum += Number(line.slice(line.lastIndexOf(' ') + 1))
  }
  return sum
}

export async function metricOf(member: Member, name: string, label = ''): Promise<number> {
  const url = `http://127.0.0.1:${member.metricsPort}/metrics`
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMs) })
  return sumOf(await response.text(), name, label)
}

/** What a counter of several processes has counted in all, although some of them die and begin at zero again. */
export class LastingCounter {
  readonly #name: string
  readonly #members: readonly Member[]
  readonly #seen = new Map<string, number>()

  constructor(name: string, members: readonly Member[]) {
    this.#name = name
    this.#members = members
  }

  /** Reads those that answer. */
  async read(): Promise<number> {
    await Promise.all(
      this.#members.map(async (member) => {
        // The process that the number is of, before and after, or it is nobody's.
        const { processId } = member
        if (processId === 0) return
        const value = await metricOf(member, this.#name).catch(() => null)
        if (value !== null && member.processId === processId) this.#seen.set(`${processId}`, value)
      }),
    )
    return this.total
  }

  get total(): number {
    return [...this.#seen.values()].reduce((sum, value) => sum + value, 0)
  }
}
