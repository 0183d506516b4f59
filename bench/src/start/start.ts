import { fileURLToPath } from 'node:url'
import type { Benchmark, Result, Settings } from '../benchmark.ts'
import { startMatchday } from '../matchday.ts'
import { ownCpuMs, settledBytes, treeCpuMs } from '../process-usage.ts'
import { whole } from '../show.ts'
import { median } from '../statistics.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const rounds = 5
const secondStartMsMax = 2_000
const idleBytesMax = 150 * 2 ** 20
const root = fileURLToPath(new URL('../../..', import.meta.url))

export const start: Benchmark = {
  summary: 'time until ready, at the first start and later, also through script/start; memory when idle',
  run: measure,
}

type Start = { readonly readyMs: number; readonly cpuMs: number; readonly ownCpuMs: number }

async function measure(settings: Settings): Promise<Result> {
  const samples: Record<string, Start[]> = {}
  let idleBytes = Number.NaN
  for (let round = 0; round < (settings.quick ? 1 : rounds); round++) {
    settings.progress(`round ${round + 1}`)
    await using folder = await temporaryFolder()
    const options = { bundle: settings.bundle, dataFolder: `${folder.path}/data` }
    const kinds: Readonly<Record<string, () => Promise<Start>>> = {
      'first start, on no data folder': () => startOnce(options),
      'later start': () => startOnce(options),
      'later start, through script/start': () =>
        startOnce({ ...options, command: ['script/start', 'serve'] }),
    }
    for (const [name, run] of Object.entries(kinds)) samples[name] = [...(samples[name] ?? []), await run()]
    if (round > 0) continue
    settings.progress('memory when idle')
    await using server = await startMatchday(options)
    idleBytes = await settledBytes(server.processId, settings.quick)
  }
  return resultOf(samples, idleBytes)
}

async function startOnce(options: Parameters<typeof startMatchday>[0]): Promise<Start> {
  await using server = await startMatchday({ ...options, cwd: root })
  const { readyMs, processId } = server
  return { readyMs, cpuMs: treeCpuMs(processId), ownCpuMs: ownCpuMs(processId) }
}

function resultOf(samples: Readonly<Record<string, readonly Start[]>>, idleBytes: number): Result {
  const of = (name: string, field: keyof Start) => samples[name]!.map((sample) => sample[field])
  const rows = Object.keys(samples).map((name) => [
    name,
    whole(median(of(name, 'readyMs'))),
    whole(Math.max(...of(name, 'readyMs'))),
    whole(median(of(name, 'cpuMs'))),
    whole(median(of(name, 'ownCpuMs'))),
  ])
  const laterMs = median(of('later start', 'readyMs'))
  const throughScriptMs = median(of('later start, through script/start', 'readyMs'))
  const limit = whole(secondStartMsMax)
  return {
    tables: [
      {
        title: 'start, from the start of the process until /readyz says 200',
        columns: ['', 'median ms', 'longest ms', 'processor ms', 'of it Node ms'],
        rows,
      },
      {
        title: 'start, memory',
        columns: ['', 'MiB'],
        rows: [['Node, idle', (idleBytes / 2 ** 20).toFixed(0)]],
      },
    ],
    goals: [
      { text: `later start ≤ ${limit} ms: ${whole(laterMs)} ms`, isMet: laterMs <= secondStartMsMax },
      {
        text: `later start through script/start ≤ ${limit} ms: ${whole(throughScriptMs)} ms`,
        isMet: throughScriptMs <= secondStartMsMax,
      },
      { text: `idle ≤ 150 MiB: ${(idleBytes / 2 ** 20).toFixed(0)} MiB`, isMet: idleBytes <= idleBytesMax },
    ],
  }
}
