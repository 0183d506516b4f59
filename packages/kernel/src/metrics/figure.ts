import type { MetricDefinition } from './definitions.ts'

export type FigureValue = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/**
 * What a service, or the gateway, counts for itself, in its own words. Read when somebody collects the metrics.
 * `Context`: what it reads it from.
 */
export type Figure<Context = void> = Omit<MetricDefinition, 'type'> & {
  readonly name: `matchday_${string}`
  readonly type: 'counter' | 'gauge'
  read(context: Context): readonly FigureValue[] | Promise<readonly FigureValue[]>
}

/** The same of one of several services that count alike. */
export function figureOf<Context>(service: string, figure: Figure<Context>, context: Context): Figure {
  return {
    ...figure,
    labels: ['service', ...figure.labels],
    read: async () => {
      const values = await figure.read(context)
      return values.map(({ labels, value }) => ({ labels: { service, ...labels }, value }))
    },
  }
}
