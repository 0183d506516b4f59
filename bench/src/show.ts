import type { Goal, Result, Table } from './benchmark.ts'

export function showResult({ tables, goals }: Result): string {
  return [...tables.map(showTable), ...goals.map(showGoal)].join('\n')
}

function showTable({ title, columns, rows }: Table): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!)))
      .join('  ')
      .trimEnd()
  return [
    `\n${title}`,
    line(columns),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    '',
  ].join('\n')
}

function showGoal({ text, isMet }: Goal): string {
  return `  ${isMet ? '✓' : '✗'} ${text}`
}

/** `12,345` */
export function whole(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : '–'
}

/** Three digits that say something: `0.43`, `3.1`, `26`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? whole(value) : value.toFixed(value >= 10 ? 1 : 2)
}

/** `0.43 ×` */
export function times(value: number): string {
  return `${short(value)} ×`
}
