import { startEmbeddedPostgres } from '@matchday/kernel'
import type { Benchmark, Goal, Result, Settings } from '../benchmark.ts'
import { interleave } from '../interleave.ts'
import { ownCpuMs, treeCpuMs } from '../process-usage.ts'
import { short, times, whole } from '../show.ts'
import { median, ratioOf } from '../statistics.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startWorker } from '../worker.ts'
import type { AppendQuestion, AppendVariant } from './append-worker.ts'
import type { LoopReport } from './closed-loop.ts'
import { startEmmett } from './emmett-peer.ts'

const callers = 64
const rounds = 5
const durationMs = 1_500
const quickDurationMs = 200

export const append: Benchmark = {
  summary: 'appends of 64 callers to the store, against a bare group insert, single commits and Emmett',
  run: measure,
}

const names = {
  bare: 'bare insert of many rows into one table',
  sameRows: 'the same rows, bare',
  store: 'store.append, in groups',
  command: 'store.append with answer and what it takes, in groups',
  single: 'store.append, a commit for each',
  emmett: 'Emmett',
} as const

async function measure(settings: Settings): Promise<Result> {
  await using folder = await temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder.path })
  try {
    await using worker = startWorker<AppendQuestion, LoopReport | null>('append-worker')
    await worker.ask({ open: await postgres.database('appended') })
    settings.progress('looking for Emmett')
    const emmett = await startEmmett()
    await using peer = 'worker' in emmett ? emmett.worker : undefined
    if ('worker' in emmett) {
      await emmett.worker.ask({ open: await postgres.database('emmett'), folder: emmett.folder })
    }

    const loop = { callers, durationMs: settings.quick ? quickDurationMs : durationMs }
    const run = (variant: AppendVariant) => measured(worker, postgres, worker.ask({ variant, ...loop }))
    const samples = await interleave(settings.quick ? 1 : rounds, {
      [names.bare]: (round) => {
        settings.progress(round < 0 ? 'warming up' : `round ${round + 1}`)
        return run('bare')
      },
      [names.sameRows]: () => run('sameRows'),
      [names.store]: () => run('store'),
      [names.command]: () => run('command'),
      [names.single]: () => run('single'),
      ...(peer === undefined ? {} : { [names.emmett]: () => measured(peer, postgres, peer.ask(loop)) }),
    })
    return resultOf(samples, 'version' in emmett ? `Emmett ${emmett.version}` : emmett.missing)
  } finally {
    await postgres.stop()
  }
}

type Sample = LoopReport & { readonly callerUs: number; readonly databaseUs: number }
type Samples = Readonly<Record<string, readonly Sample[]>>
type Process = { readonly processId: number }

/** With the processor time of both sides, which neighbours disturb less than they do the clock. */
async function measured(
  caller: Process,
  database: Process,
  loop: Promise<LoopReport | null>,
): Promise<Sample> {
  const before = { caller: ownCpuMs(caller.processId), database: treeCpuMs(database.processId) }
  const report = await loop
  if (report === null) throw new Error('a loop gave no report')
  return {
    ...report,
    callerUs: ((ownCpuMs(caller.processId) - before.caller) * 1_000) / report.count,
    databaseUs: ((treeCpuMs(database.processId) - before.database) * 1_000) / report.count,
  }
}

function resultOf(samples: Samples, peer: string): Result {
  const rates = (name: string) => samples[name]?.map(({ perSecond }) => perSecond)
  const bare = rates(names.bare)!
  const sameRows = rates(names.sameRows)!
  const rows = Object.entries(samples).map(([name, reports]) => [
    name,
    whole(median(reports.map(({ perSecond }) => perSecond))),
    times(
      ratioOf(
        reports.map(({ perSecond }) => perSecond),
        sameRows,
      ),
    ),
    times(
      ratioOf(
        reports.map(({ perSecond }) => perSecond),
        bare,
      ),
    ),
    short(median(reports.map(({ p50Ms }) => p50Ms))),
    short(median(reports.map(({ p99Ms }) => p99Ms))),
    short(median(reports.map(({ callerUs }) => callerUs))),
    short(median(reports.map(({ databaseUs }) => databaseUs))),
  ])
  const ours = rates(names.store)!
  const ofSame = ratioOf(ours, sameRows)
  const emmett = rates(names.emmett)
  const goals: Goal[] = [
    {
      text: `append ≥ 0.6 × a bare group commit of the same rows: ${times(ofSame)} (of one table: ${times(ratioOf(ours, bare))})`,
      isMet: ofSame >= 0.6,
    },
  ]
  if (emmett !== undefined) {
    const ofEmmett = ratioOf(ours, emmett)
    goals.push({ text: `append ≥ 10 × ${peer}: ${times(ofEmmett)}`, isMet: ofEmmett >= 10 })
  } else goals.push({ text: `append ≥ 10 × Emmett: not measured. ${peer}`, isMet: false })
  const columns = [
    '',
    'appends/s',
    'of the same rows',
    'of one table',
    'p50 ms',
    'p99 ms',
    'Node µs',
    'database µs',
  ]
  return { tables: [{ title: `append, ${callers} callers, ${peer}`, columns, rows }], goals }
}
