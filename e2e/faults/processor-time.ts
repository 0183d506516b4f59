import { readdir, readFile } from 'node:fs/promises'
import { cpus } from 'node:os'

/** Of the kernel: a hundredth of a second. */
const tickMs = 10

export type ProcessorTime = {
  readonly oursMs: number
  readonly idleMs: number
  /** Of ours, each, by its id. */
  readonly ofMs: ReadonlyMap<number, number>
}

/**
 * What this process and all that it has started took of the machine's processors so far, and what nobody took. Others
 * may be busy on the same machine: only what we could have had says how much can be expected of us.
 */
export async function processorTime(): Promise<ProcessorTime> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const read = await Promise.all(names.map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')))
  const processes = read.flatMap((text) => {
    if (text === '') return []
    // The name stands in brackets and may hold anything; state, parent and so on come after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // Times of its own, user and system, and those of children that have ended.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return [{ id: Number.parseInt(text, 10), parent: Number(fields[1]), ticks }]
  })
  const ours = new Set([process.pid])
  for (let before = 0; before !== ours.size; ) {
    before = ours.size
    for (const { id, parent } of processes) if (ours.has(parent)) ours.add(id)
  }
  const ofMs = new Map<number, number>()
  for (const { id, ticks } of processes) if (ours.has(id)) ofMs.set(id, ticks * tickMs)
  const oursMs = [...ofMs.values()].reduce((sum, each) => sum + each, 0)
  const idleMs = cpus().reduce((sum, { times }) => sum + times.idle, 0)
  return { oursMs, idleMs, ofMs }
}
