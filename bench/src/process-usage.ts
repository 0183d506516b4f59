import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100
const pageBytes = 4_096

type Process = { readonly parent: number; readonly cpuMs: number; readonly residentBytes: number }

/** Processor time that a process and all its descendants have used, in milliseconds. NaN where the system doesn't tell. */
export function treeCpuMs(processId: number): number {
  return sumOfTree(processId, ({ cpuMs }) => cpuMs)
}

/** Of the process alone. */
export function ownCpuMs(processId: number): number {
  return readProcess(processId)?.cpuMs ?? Number.NaN
}

/** Memory of one process (resident set size), in bytes. NaN where the system doesn't tell. */
export function residentBytes(processId: number): number {
  return readProcess(processId)?.residentBytes ?? Number.NaN
}

const settleMs = 10_000
const settlePollMs = 500

/**
 * Memory of a process that has nothing to do: the least within ten seconds, in which a heap that is left alone has
 * been tidied up.
 */
export async function settledBytes(processId: number, quick: boolean): Promise<number> {
  let least = residentBytes(processId)
  for (let waited = 0; waited < (quick ? settlePollMs : settleMs); waited += settlePollMs) {
    await delay(settlePollMs)
    least = Math.min(least, residentBytes(processId))
  }
  return least
}

function sumOfTree(root: number, value: (one: Process) => number): number {
  if (process.platform !== 'linux') return Number.NaN
  const all = new Map<number, Process>()
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined
    if (found !== undefined) all.set(Number(name), found)
  }
  let sum = 0
  for (const [processId, one] of all) {
    let ancestor = processId
    while (ancestor !== root && ancestor > 1) ancestor = all.get(ancestor)?.parent ?? 0
    if (ancestor === root) sum += value(one)
  }
  return sum
}

/** Undefined when it has ended. */
function readProcess(processId: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'latin1')
    // The name may hold spaces and brackets; the fields after it are numbers.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const number = (index: number) => Number(fields[index])
    return {
      parent: number(1),
      cpuMs: ((number(11) + number(12)) * 1_000) / ticksPerSecond,
      residentBytes: number(21) * pageBytes,
    }
  } catch {
    return undefined
  }
}
