import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

/** What a figure can't be read without. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0)
  return [
    `${availableParallelism()} × ${model}, ${gibibytes} GiB, ${process.platform} ${release()}`,
    `Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load before: ${loadavg()[0]?.toFixed(1)}`,
  ].join('\n')
}
