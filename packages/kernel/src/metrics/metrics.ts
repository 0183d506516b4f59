import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Subscription } from '../bus/port.ts'
import { type Log, silentLog } from '../log.ts'
import { settlesWithin } from '../settles-within.ts'
import type { Buckets } from './buckets.ts'
import { type MetricDefinition, type MetricName, metricDefinitions } from './definitions.ts'
import type { Figure } from './figure.ts'
import { histogramText } from './histogram-text.ts'

export const metricsLimits = {
  /** A source that takes longer is left out this time: whoever collects gives up soon as well. */
  sourceMs: 1_000,
} as const

type Definitions = typeof metricDefinitions
export type LabelsOf<Name extends MetricName> = {
  readonly [Label in Definitions[Name]['labels'][number]]: string
}
export type ValueOf<Name extends MetricName> = Definitions[Name]['type'] extends 'histogram'
  ? Buckets
  : number
/** Says one value. Numbers that several sources say under the same labels are added up. */
export type Tell<Name extends MetricName> = (labels: LabelsOf<Name>, value: ValueOf<Name>) => void

export type Metrics = {
  /**
   * Parts keep plain numbers, which are read when somebody collects the metrics: counting costs a busy path next to
   * nothing. A source that throws or hangs is left out and logged.
   */
  watch<Name extends MetricName>(name: Name, read: (tell: Tell<Name>) => void | Promise<void>): Subscription
  /** The same for what a service counts for itself. Several that count the same have one name, and different labels. */
  add(figure: Figure): Subscription
  /** All metrics in Prometheus' text format, for `GET /metrics`. */
  text(): Promise<string>
  /** Of that answer. */
  readonly contentType: string
}

export type MetricsOptions = {
  readonly log?: Log
  /** Measures the process as well: event loop lag, memory, garbage collection. By default it does. */
  readonly process?: boolean
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  return new SampledMetrics(options)
}

type AnyLabels = Readonly<Record<string, string>>
type AnyTell = (labels: AnyLabels, value: number | Buckets) => void
type Source = (tell: AnyTell) => void | Promise<void>
type Told = { readonly labels: AnyLabels; readonly value: number | Buckets }

class SampledMetrics implements Metrics {
  readonly contentType: string
  private readonly registry = new Registry()
  private readonly log: Log
  private readonly sources = new Map<string, Set<Source>>()
  /** What each is for, by name. */
  private readonly histograms = new Map<string, string>()

  constructor(options: MetricsOptions) {
    this.log = options.log ?? silentLog
    this.contentType = this.registry.contentType
    for (const [name, definition] of Object.entries(metricDefinitions)) this.define(name, definition)
    if (options.process !== false) collectDefaultMetrics({ register: this.registry })
  }

  watch<Name extends MetricName>(name: Name, read: (tell: Tell<Name>) => void | Promise<void>): Subscription {
    // Whatever the name's labels and value are: `read` says them, and only the definition of this name hears them.
    return this.take(name, read as Source)
  }

  add(figure: Figure): Subscription {
    if (!this.sources.has(figure.name)) this.define(figure.name, figure)
    return this.take(figure.name, async (tell) => {
      for (const { labels, value } of await figure.read()) tell(labels, value)
    })
  }

  private take(name: string, source: Source): Subscription {
    const sources = this.sources.get(name)!
    sources.add(source)
    return { close: () => sources.delete(source) }
  }

  async text(): Promise<string> {
    const histograms = [...this.histograms].map(async ([name, help]) => {
      const told = await this.toldOf(name)
      const series = told.flatMap(({ labels, value }) =>
        typeof value === 'number' ? [] : [{ labels, buckets: value }],
      )
      return histogramText(name, help, series)
    })
    return (await Promise.all([this.registry.metrics(), ...histograms])).join('\n')
  }

  private define(name: string, definition: MetricDefinition): void {
    this.sources.set(name, new Set())
    const { help, labels } = definition
    const registers = [this.registry]
    const configuration = { name, help, labelNames: [...labels], registers }
    switch (definition.type) {
      case 'counter': {
        const counter: Counter = new Counter({
          ...configuration,
          collect: () => this.collect(name, counter, (each, value) => counter.inc(each, value)),
        })
        return
      }
      case 'gauge': {
        const gauge: Gauge = new Gauge({
          ...configuration,
          collect: () => this.collect(name, gauge, (each, value) => gauge.inc(each, value)),
        })
        return
      }
      case 'histogram':
        this.histograms.set(name, help)
        return
      default:
        definition.type satisfies never
    }
  }

  private async collect(
    name: string,
    metric: { reset(): void },
    add: (labels: AnyLabels, value: number) => void,
  ): Promise<void> {
    const told = await this.toldOf(name)
    // In one turn, so that two who collect at the same time don't add up.
    metric.reset()
    for (const { labels, value } of told) if (typeof value === 'number') add(labels, value)
  }

  private async toldOf(name: string): Promise<readonly Told[]> {
    const told = await Promise.all([...this.sources.get(name)!].map((source) => this.read(name, source)))
    return told.flat()
  }

  private async read(name: string, source: Source): Promise<readonly Told[]> {
    const told: Told[] = []
    try {
      const reading = source((labels, value) => void told.push({ labels, value }))
      if (reading === undefined || (await settlesWithin(reading, metricsLimits.sourceMs))) return told
      this.log.warn({ metric: name }, 'a metric could not be read in time')
    } catch (error) {
      this.log.warn({ metric: name, err: error }, 'a metric could not be read')
    }
    return []
  }
}
