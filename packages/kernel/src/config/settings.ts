import { parseArgs } from 'node:util'
import { Fault } from '../fault.ts'

/** One setting: a flag `--name`, an environment variable `MATCHDAY_NAME`, and a default. The flag wins. */
export type Setting<Value> = {
  /** Kebab-case: `public-url` is `--public-url` and `MATCHDAY_PUBLIC_URL`. */
  readonly name: string
  readonly summary: string
  readonly default: Value
  /** For the help text, where the default itself says too little. */
  readonly defaultText?: string
  /** What a good value looks like; shown with the error, in place of the value. */
  readonly hint: string
  /** `undefined`: not a good value. */
  readonly parse: (text: string) => Value | undefined
  /** In the help text, settings of one family are one: `--<service>-database-url`. */
  readonly family?: { readonly name: string; readonly summary: string }
}

// `any`: a table holds settings of different values; each is read back with its own type.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type SettingTable = Readonly<Record<string, Setting<any>>>
export type SettingValues<Table extends SettingTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer Value> ? Value : never
}

const prefix = 'MATCHDAY_'

/** Settings that are about the same, under one title. */
export type SettingGroup = { readonly title: string; readonly settings: SettingTable }

export function environmentName(setting: Pick<Setting<unknown>, 'name'>): string {
  return prefix + setting.name.toUpperCase().replaceAll('-', '_')
}

/**
 * Reads settings from flags and environment. All problems are told at once; each names the key and gives a hint,
 * never the value, which may be a secret. Throws Fault `bad-configuration`.
 */
export function readSettings<Table extends SettingTable>(
  table: Table,
  sources: { flags: readonly string[]; environment: Readonly<Record<string, string | undefined>> },
): SettingValues<Table> {
  const problems: string[] = []
  const flags = readFlags(table, sources.flags, problems)
  const values: Record<string, unknown> = {}

  for (const [key, setting] of Object.entries(table)) {
    const variable = environmentName(setting)
    const fromFlag = flags.get(setting.name)
    // An empty variable is how compose files and shells say "not set".
    const text = fromFlag ?? (sources.environment[variable] || undefined)
    if (text === undefined) {
      values[key] = setting.default
      continue
    }
    const value = setting.parse(text.trim())
    if (value === undefined)
      problems.push(`${fromFlag === undefined ? variable : `--${setting.name}`}: ${setting.hint}`)
    values[key] = value
  }
  problems.push(...unknownVariables(table, sources.environment))
  if (problems.length > 0) {
    throw new Fault(
      'bad-configuration',
      `The configuration is not right:\n${problems.map((p) => `  ${p}`).join('\n')}`,
      {
        hint: 'matchday --help lists every setting.',
      },
    )
  }
  // Each value came from its own setting's parser or default.
  return values as SettingValues<Table>
}

function readFlags(table: SettingTable, flags: readonly string[], problems: string[]): Map<string, string> {
  const options = Object.fromEntries(
    Object.values(table).map(({ name }) => [name, { type: 'string' as const }]),
  )
  const { tokens } = parseArgs({
    args: [...flags],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  const read = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(misplaced(token, tokens))
    if (token.kind !== 'option') continue
    if (!(token.name in options))
      problems.push(`--${token.name}: there is no such setting.${nearest(token.name, table)}`)
    else if (token.value === undefined || token.value === '')
      problems.push(`--${token.name}: a value is missing.`)
    else read.set(token.name, token.value)
  }
  return read
}

type Token = { readonly kind: string; readonly index: number; readonly name?: string }

/** A word after a setting may be the rest of its value, which is not told. */
function misplaced({ index, value }: Token & { readonly value: string }, tokens: readonly Token[]): string {
  const before = tokens.findLast((token) => token.index < index && token.kind === 'option')
  if (before === undefined) return `"${value}": not understood here.`
  return `--${before.name}: followed by a word too many; a value with spaces needs quotes.`
}

function unknownVariables(
  table: SettingTable,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const known = new Set(Object.values(table).map(environmentName))
  return Object.keys(environment)
    .filter((variable) => variable.startsWith(prefix) && !known.has(variable))
    .map((variable) => {
      const name = variable.slice(prefix.length).toLowerCase().replaceAll('_', '-')
      return `${variable}: there is no such setting.${nearest(name, table)}`
    })
}

function nearest(name: string, table: SettingTable): string {
  const close = Object.values(table).find((setting) => distance(setting.name, name) <= 2)
  return close ? ` Did you mean ${environmentName(close)} (--${close.name})?` : ''
}

/** Levenshtein distance: how many letters to add, drop or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let line = 1; line <= from.length; line++) {
    const next = [line]
    for (let column = 1; column <= to.length; column++) {
      const change = row[column - 1]! + (from[line - 1] === to[column - 1] ? 0 : 1)
      next.push(Math.min(change, row[column]! + 1, next[column - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}

const helpColumns = { all: 108, names: 31 } as const

/** The settings as a help text, in groups; a family is told once. */
export function describeSettings(groups: readonly SettingGroup[]): string {
  return groups
    .map(({ title, settings }) => {
      const told = new Map(
        Object.values(settings).map((setting) => [setting.family?.name ?? setting.name, setting]),
      )
      return [title, ...[...told.values()].flatMap(describe)].join('\n')
    })
    .join('\n\n')
}

function describe(setting: Setting<unknown>): readonly string[] {
  const { name, summary } = setting.family ?? setting
  const standard = setting.defaultText ?? String(setting.default)
  const lines = [...wrapped(summary), ...wrapped(`${environmentName({ name })}, default: ${standard}`)]
  const [first = '', ...rest] = lines.map((line) => ' '.repeat(helpColumns.names) + line)
  const flag = `  --${name}`
  if (flag.length >= helpColumns.names) return [flag, first, ...rest]
  return [flag.padEnd(helpColumns.names) + first.trimStart(), ...rest]
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    const isFull = line === undefined || line.length + 1 + word.length > helpColumns.all - helpColumns.names
    if (isFull) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}
