import type { ChaosReport, Struck } from './chaos.ts'

const seconds = (ms: number) => (ms / 1_000).toFixed(1)

export function lineOf({ atMs, name, what, mendedAfterMs }: Struck): string {
  return `${seconds(atMs).padStart(6)} s  ${name}: ${what}; mended after ${seconds(mendedAfterMs)} s`
}

/** One line for each fault, what was done meanwhile, and what is wrong. */
export function textOf({ struck, violations, ...figures }: ChaosReport): string {
  const { commands, draws, sockets, repeats, longestWaitMs } = figures
  const lines = struck.map((one) => `${lineOf(one)}; longest gap ${seconds(one.longestGapMs)} s`)
  return [
    ...lines,
    `${struck.length} faults, ${commands} commands acknowledged (${repeats} repeats, longest wait ${seconds(longestWaitMs)} s), ` +
      `${draws} draws checked, ${sockets} sockets`,
    ...violations.map((violation) => `VIOLATION ${violation}`),
    violations.length === 0
      ? 'Nothing lost, nothing doubled, all in order.'
      : `${violations.length} violations.`,
  ].join('\n')
}

/** What a run ends with. `again`: the command that repeats it. */
export function endOf(
  report: ChaosReport,
  again: string,
): { readonly text: string; readonly exitCode: 0 | 1 } {
  const text = `${textOf(report)}\n`
  if (report.violations.length === 0) return { text, exitCode: 0 }
  return { text: `${text}Repeat it: ${again}\n`, exitCode: 1 }
}
