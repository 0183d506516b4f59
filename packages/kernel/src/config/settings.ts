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
}

// `any`: a table holds settings of different values; each is read back with its own type.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type SettingTable = Readonly<Record<string, Setting<any>>>
export type SettingValues<Table extends SettingTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer Value> ? Value : never
}

const prefix = 'MATCHDAY_'

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
    if (token.kind === 'positional') problems.push(`"${token.value}": not understood here.`)
    if (token.kind !== 'option') continue
    if (!(token.name in options))
      problems.push(`--${token.name}: there is no such setting.${nearest(token.name, table)}`)
    else if (token.value === undefined || token.value === '')
      problems.push(`--${token.name}: a value is missing.`)
    else read.set(token.name, token.value)
  }
  return read
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

/** The settings as a help text, one or two lines each. */
export function describeSettings(table: SettingTable): string {
  return Object.values(table)
    .map((setting) => {
      const standard = setting.defaultText ?? String(setting.default)
      return `  --${setting.name.padEnd(26)}${setting.summary}\n  ${' '.repeat(28)}${environmentName(setting)}, default: ${standard}`
    })
    .join('\n')
}
