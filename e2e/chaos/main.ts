import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startCluster } from '../cluster/cluster.ts'
import { runChaos } from './chaos.ts'
import { faults } from './faults.ts'
import { endOf, lineOf } from './report.ts'

const help = `script/chaos [flags]: a cluster on this machine under load, in which something breaks every few seconds.
Afterwards: is anything lost, doubled or out of order? Ends with 1 when it is.

  --minutes N    how long; default 1
  --seed S       the same faults in the same order; default: another one each time, which is told
`
const minutesMax = 24 * 60

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes ?? 1)
const seed = Number(values.seed ?? randomInt(2 ** 31))
const isRight = minutes > 0 && minutes <= minutesMax && Number.isInteger(seed) && seed >= 0

if (values.help) process.stdout.write(help)
else if (isRight) process.exitCode = await run()
else {
  process.stderr.write(`A flag makes no sense.\n\n${help}`)
  process.exitCode = 2
}

async function run(): Promise<number> {
  const again = `./script/chaos --minutes ${minutes} --seed ${seed}`
  process.stdout.write(`Seed ${seed}. Again: ${again}\n`)
  await using cluster = await startCluster({ venues: true, gateways: 2, instances: 2, balancer: true })
  const report = await runChaos(cluster, {
    ...{ seed, faults, durationMs: minutes * 60_000 },
    onStruck: (struck) => process.stderr.write(`\x1b[2m· ${lineOf(struck)}\x1b[0m\n`),
  })
  const { text, exitCode } = endOf(report, again)
  process.stdout.write(text)
  return exitCode
}
