import type { Buckets } from './buckets.ts'

type Series = { readonly labels: Readonly<Record<string, string>>; readonly buckets: Buckets }

/**
 * A histogram in Prometheus' text format. The library can only write histograms that it has counted itself, at the
 * cost of a map look-up and a sort of labels for each request.
 */
export function histogramText(name: string, help: string, series: readonly Series[]): string {
  const lines = series.flatMap(({ labels, buckets }) => {
    const { bounds, counts, sum } = buckets
    let below = 0
    const ofBuckets = [...bounds, '+Inf'].map((bound, index) => {
      below += counts[index]!
      return `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${below}`
    })
    return [
      ...ofBuckets,
      `${name}_sum${labelText(labels)} ${sum}`,
      `${name}_count${labelText(labels)} ${below}`,
    ]
  })
  return [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([label, value]) => `${label}="${escaped(value).replaceAll('"', '\\"')}"`,
  )
  return `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
