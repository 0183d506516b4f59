import { parseArgs } from 'node:util'

export type CommandOptions = {
  readonly switches: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly words: readonly string[]
  /** Everything else: settings. */
  readonly settings: readonly string[]
}

/** Takes a command's own switches, options and words out of the command line; what is left are settings. */
export function takeOptions(
  all: readonly string[],
  own: { switches?: readonly string[]; values?: readonly string[] },
): CommandOptions {
  const isOwn = new Set([...(own.switches ?? []), ...(own.values ?? [])])
  const options = Object.fromEntries([
    ...(own.switches ?? []).map((name) => [name, { type: 'boolean' as const }] as const),
    ...(own.values ?? []).map((name) => [name, { type: 'string' as const }] as const),
  ])
  const words: string[] = []
  const settings: string[] = []
  const switches = new Set<string>()
  const values = new Map<string, string>()
  const { tokens } = parseArgs({
    args: [...all],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  let settingAt = -2
  for (const token of tokens) {
    if (token.kind === 'option' && !isOwn.has(token.name)) {
      settings.push(all[token.index] ?? '')
      settingAt = token.value === undefined ? token.index : -2
    } else if (token.kind === 'option') {
      if (token.value === undefined) switches.add(token.name)
      else values.set(token.name, token.value)
    } else if (token.kind === 'positional') {
      // `--port 80`: who doesn't know the setting takes its value for a word.
      if (token.index === settingAt + 1) settings.push(token.value)
      else words.push(token.value)
    }
  }
  return { switches, values, words, settings }
}
