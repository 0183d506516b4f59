import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { append } from './append/append.ts'
import type { Benchmark, Settings } from './benchmark.ts'
import { buildWorkers } from './built-workers.ts'
import { durable } from './durable/durable.ts'
import { edge } from './edge/edge.ts'
import { http } from './http/http.ts'
import { live } from './live/live.ts'
import { describeMachine } from './machine.ts'
import { pull } from './pull/pull.ts'
import { showResult } from './show.ts'
import { start } from './start/start.ts'

const benchmarks: Readonly<Record<string, Benchmark>> = { http, append, live, start, pull, durable, edge }

const help = `script/bench [name ...] [flags]: benchmarks side by side on this machine; without a name, all of them.

${Object.entries(benchmarks)
  .map(([name, { summary }]) => `  ${name.padEnd(8)}${summary}\n`)
  .join('')}
  --quick           only whether everything works; the figures mean nothing
  --bundle path     the build to measure; default dist/matchday.mjs
  --profile folder  put CPU profiles of the server there (open them in a browser's developer tools)
  --against path    another build, measured in the same rounds: what did a change bring?
`

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    bundle: { type: 'string', default: fileURLToPath(new URL('../../dist/matchday.mjs', import.meta.url)) },
    against: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const wanted = positionals.length > 0 ? positionals : Object.keys(benchmarks)
const unknown = wanted.filter((name) => !(name in benchmarks))
const missing = [flags.bundle, flags.against].filter((path) => path !== undefined && !existsSync(path))

if (flags.help) process.stdout.write(help)
else if (unknown.length > 0) complain(`There is no benchmark called ${unknown.join(', ')}.\n\n${help}`)
else if (missing.length > 0) complain(`Not there: ${missing.join(', ')}\n`)
else await runAll(wanted)

async function runAll(names: readonly string[]): Promise<void> {
  process.stdout.write(`${describeMachine()}\n`)
  await buildWorkers()
  if (flags.quick) process.stdout.write('A quick run: whether it works, not how fast.\n')
  for (const name of names) {
    const begun = performance.now()
    const settings: Settings = {
      quick: flags.quick,
      bundle: flags.bundle,
      against: flags.against,
      profileFolder: flags.profile,
      progress: (message) => process.stderr.write(`\x1b[2m· ${name}: ${message}\x1b[0m\n`),
    }
    const result = await benchmarks[name]!.run(settings)
    const seconds = ((performance.now() - begun) / 1_000).toFixed(0)
    process.stdout.write(`\n== ${name} (${seconds} s) ${'='.repeat(40)}\n${showResult(result)}\n`)
  }
}

function complain(text: string): void {
  process.stderr.write(text)
  process.exitCode = 2
}
