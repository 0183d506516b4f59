import { startNatsServer } from '@matchday/testkit'
import type { Benchmark, Goal, Result, Settings, Table } from '../benchmark.ts'
import { interleave } from '../interleave.ts'
import { short, times, whole } from '../show.ts'
import { median, percentile, ratioOf } from '../statistics.ts'
import { startWorker, type Worker } from '../worker.ts'
import { type Costs, meanCostMs } from './arrivals.ts'
import { checkAnswers } from './check-answers.ts'
import type { GeneratorQuestion, Offered } from './pull-generator-worker.ts'
import type { InstanceAnswer, InstanceQuestion } from './pull-instance-worker.ts'
import { type VariantName, variants } from './variants.ts'

const loads = [0.6, 0.7, 0.8] as const
const costs: Costs = { cheapMs: 2, dearMs: 40, dearShare: 0.1 }
const crews = {
  'one of three slowed to a third': [1, 1, 1 / 3],
  'three of the same speed': [1, 1, 1],
} as const
type Crew = readonly number[]

const rounds = 3
const durationMs = 10_000
const quickDurationMs = 4_000
/** Instances begin without knowing how fast they are; what came in this time is checked, and not counted. */
const settlingMs = 1_000

export const pull: Benchmark = {
  summary: 'three instances and uneven work: a queue that they pull from, against requests pushed to them',
  run: measure,
}

type Sample = {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly perSecond: number
  readonly good: number
}
type Samples = Readonly<Record<string, readonly Sample[]>>
type Parts = {
  readonly generator: Worker<GeneratorQuestion, Offered | null>
  readonly instances: readonly Worker<InstanceQuestion, InstanceAnswer>[]
}

async function measure(settings: Settings): Promise<Result> {
  await using nats = await startNatsServer()
  await using generator = startWorker<GeneratorQuestion, Offered | null>('pull-generator-worker')
  await using first = startWorker<InstanceQuestion, InstanceAnswer>('pull-instance-worker')
  await using second = startWorker<InstanceQuestion, InstanceAnswer>('pull-instance-worker')
  await using third = startWorker<InstanceQuestion, InstanceAnswer>('pull-instance-worker')
  const instances = [first, second, third]
  for (const [index, instance] of instances.entries()) await instance.ask({ connect: nats.url, index })
  await generator.ask({ connect: nats.url, instances: instances.length })

  const results: Result[] = []
  for (const [title, crew] of Object.entries(crews)) {
    // The second crew shows what remains of the difference when nobody is slow; one load is enough for that.
    const some = title === 'three of the same speed' ? ([0.8] as const) : loads
    for (const load of some) {
      settings.progress(`${title}, load ${load}`)
      results.push(await measureLoad(settings, { generator, instances }, title, crew, load))
    }
  }
  return { tables: results.flatMap(({ tables }) => tables), goals: results.flatMap(({ goals }) => goals) }
}

async function measureLoad(
  settings: Settings,
  parts: Parts,
  title: string,
  crew: Crew,
  load: number,
): Promise<Result> {
  const capacityPerSecond = (crew.reduce((sum, speed) => sum + speed, 0) * 1_000) / meanCostMs(costs)
  const perSecond = load * capacityPerSecond
  const runs = Object.keys(variants).map((name) => [
    name,
    (round: number) => {
      // Nothing is compiled or grown here that would need a round to warm up, so that one may be short.
      const duration = settings.quick || round < 0 ? quickDurationMs : durationMs
      return measureOnce(parts, name as VariantName, crew, {
        perSecond,
        durationMs: duration,
        seed: round + 2,
      })
    },
  ])
  const samples: Samples = await interleave(settings.quick ? 1 : rounds, Object.fromEntries(runs))
  const head = `${title}; load ${load}, ${whole(perSecond)} requests/s`
  return { tables: [tableOf(head, samples)], goals: goalsOf(title, load, samples) }
}

async function measureOnce(
  { generator, instances }: Parts,
  name: VariantName,
  crew: Crew,
  load: { perSecond: number; durationMs: number; seed: number },
): Promise<Sample> {
  for (const [index, instance] of instances.entries())
    await instance.ask({ begin: variants[name], speed: crew[index]! })
  const offered = await generator.ask({ offer: variants[name], ...load, costs })
  if (offered === null) throw new Error('the generator said nothing')
  const worked = await Promise.all(instances.map((instance) => instance.ask({ end: true })))
  checkAnswers(offered, worked.flat())
  const counted = offered.requests.filter(({ atMs }) => atMs >= settlingMs)
  const latencies = counted.map(({ latencyMs }) => latencyMs)
  const good = counted.filter(({ outcome }) => outcome === 'ok').length
  return {
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    perSecond: (good * 1_000) / (load.durationMs - settlingMs),
    good: good / counted.length,
  }
}

function tableOf(title: string, samples: Samples): Table {
  const push = samples['push, in turn']!.map(({ p99Ms }) => p99Ms)
  const rows = Object.entries(samples).map(([name, all]) => {
    const of = (field: keyof Sample) => all.map((sample) => sample[field])
    return [
      name,
      short(median(of('p50Ms'))),
      short(median(of('p99Ms'))),
      times(ratioOf(of('p99Ms'), push)),
      short(median(of('perSecond'))),
      `${(100 * median(of('good'))).toFixed(1)} %`,
    ]
  })
  const columns = ['', 'p50 ms', 'p99 ms', 'p99 of push', 'goodput/s', 'in time']
  return { title, columns, rows }
}

function goalsOf(crew: string, load: number, samples: Samples): Goal[] {
  if (crew === 'three of the same speed') return []
  const p99 = (name: VariantName) => samples[name]!.map(({ p99Ms }) => p99Ms)
  const ratio = ratioOf(p99('pull, as services do'), p99('push, in turn'))
  return [{ text: `load ${load}: p99 of pull ≤ 0.5 × push: ${times(ratio)}`, isMet: ratio <= 0.5 }]
}
