import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, openSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cleanEnvironment } from '../support/matchday.ts'
import type { ClusterOptions } from './cluster.ts'
import { Complaint, clusterFolder, order, stateFile, supervisorLog, type Told } from './state.ts'

const help = `Matchday as many processes on this machine, as it runs in production, without containers.

  script/cluster up [--gateways N] [--instances N] [--port P] [--host H]
                               nats-server, PostgreSQL, N gateways (2), N of each service (2), HAProxy on port P (3000)
  script/cluster status        every process, what it waits for, the queues; and how to look into each part
  script/cluster restart --rolling
                               every process once, one after the other; nobody notices
  script/cluster scale [--gateways N] [--instances N]
  script/cluster logs [name]   what a process says, to its end and on; without a name: whose logs there are
  script/cluster down [--wipe] end it; what was created is there again at the next up, unless it is wiped

All of it is kept in .cluster/. Only the balancer can be reached from other machines (--host 127.0.0.1: from none).
`

/** As on a laptop: there is no https on this machine, and the first account is made by a link that is printed. */
const withAccounts = { MATCHDAY_PLAIN_HTTP_ACCOUNTS: 'allowed', MATCHDAY_REGISTRATION: 'closed' }
const logLinesShown = 200
const nothingUp = 'No cluster is up. Start one: ./script/cluster up'
const say = (line: string) => void process.stdout.write(`${line}\n`)

const commands: Readonly<Record<string, (words: readonly string[]) => Promise<void>>> = {
  up,
  status: (words) => plain(words, {}, () => tell({ do: 'status' })),
  restart,
  scale,
  logs,
  down,
}

async function run([name = '--help', ...words]: readonly string[]): Promise<void> {
  if (name === '--help' || name === '-h' || words.includes('--help')) return void process.stdout.write(help)
  const command = commands[name]
  if (command === undefined) throw new Complaint(`There is no "${name}". ./script/cluster --help lists all`)
  await command(words)
}

async function up(words: readonly string[]): Promise<void> {
  const given = flagsOf(words, ['gateways', 'instances', 'port', 'host'])
  const host = given.host ?? '0.0.0.0'
  const port = wholeOf('port', given.port, 3_000, 65_535)
  const gateways = wholeOf('gateways', given.gateways, 2, 16)
  const instances = wholeOf('instances', given.instances, 2, 32)
  if (await order({ do: 'status' }, () => {}))
    throw new Complaint(
      'A cluster is up already: ./script/cluster status shows it, ./script/cluster down ends it',
    )
  await rm(stateFile, { force: true })
  if (!(await isFree(host, port)))
    throw new Complaint(
      `Port ${port} of ${host} can't be taken. Give another: ./script/cluster up --port 3001`,
    )
  const lan = host === '0.0.0.0' ? lanAddress() : undefined
  const options: ClusterOptions = {
    ...{ gateways, instances, people: instances, host, port, balancer: true, permissions: true },
    environment: { MATCHDAY_LOG_LEVEL: 'info', ...withAccounts },
    ...(lan === undefined ? {} : { publicUrl: `http://${lan}:${port}` }),
  }
  say(`Starting nats-server, PostgreSQL, ${gateways} gateways, ${instances} of each service, HAProxy …`)
  const lines = await untilUp(options)
  say(['', '  Matchday is ready.', '', ...lines.map((line) => `  ${line}`)].join('\n'))
  if (lan !== undefined) say(`  On phones         http://${lan}:${port}\n\n${qrCode()}`)
  say('\n  ./script/cluster status · restart --rolling · scale · logs · down')
}

async function restart(words: readonly string[]): Promise<void> {
  const { rolling } = parse(words, { rolling: { type: 'boolean' } })
  if (rolling !== true) throw new Complaint('There is one way to restart: ./script/cluster restart --rolling')
  await tell({ do: 'restart' })
}

async function scale(words: readonly string[]): Promise<void> {
  const given = flagsOf(words, ['gateways', 'instances'])
  const number = (name: 'gateways' | 'instances', most: number) =>
    given[name] === undefined ? undefined : wholeOf(name, given[name], 0, most)
  const [gateways, instances] = [number('gateways', 16), number('instances', 32)]
  if (gateways === undefined && instances === undefined)
    throw new Complaint('Say how many: ./script/cluster scale --gateways 3 --instances 4')
  await tell({ do: 'scale', gateways, instances })
}

async function down(words: readonly string[]): Promise<void> {
  const { wipe } = parse(words, { wipe: { type: 'boolean' } })
  const wasUp = await order({ do: 'down' }, say)
  if (!wasUp && !wipe) throw new Complaint(nothingUp)
  if (wasUp) await untilGone()
  if (wipe) await rm(clusterFolder, { recursive: true, force: true })
  say(wipe ? 'The cluster is down, and all that it held is gone.' : 'The cluster is down.')
}

async function logs(words: readonly string[]): Promise<void> {
  const [name] = words
  const folder = join(clusterFolder, 'logs')
  const names = (await readdir(folder).catch(() => [])).map((file) => file.replace(/\.log$/, ''))
  const places = new Map(names.map((one) => [one, join(folder, `${one}.log`)]))
  const database = join(clusterFolder, 'database', 'postgres.log')
  if (existsSync(database)) places.set('postgres', database)
  if (name === undefined) return say([...places.keys()].toSorted().join('\n'))
  const file = places.get(name)
  if (file === undefined)
    throw new Complaint(`${name} has no log. There are: ${[...places.keys()].join(', ') || 'none'}`)
  const tail = spawn('tail', ['-n', String(logLinesShown), '-F', file], { stdio: 'inherit' })
  await new Promise((resolve) => tail.once('exit', resolve))
}

async function plain(words: readonly string[], options: object, act: () => Promise<void>): Promise<void> {
  parse(words, { ...options })
  await act()
}

async function tell(what: Parameters<typeof order>[0]): Promise<void> {
  if (!(await order(what, say))) throw new Complaint(nothingUp)
}

/** Starts who holds the cluster, and waits for what it says. */
async function untilUp(options: ClusterOptions): Promise<readonly string[]> {
  await mkdir(join(clusterFolder, 'logs'), { recursive: true })
  const log = openSync(supervisorLog, 'a')
  const words = [
    '--import',
    'tsx',
    new URL('supervisor.ts', import.meta.url).pathname,
    JSON.stringify(options),
  ]
  const holder = spawn(process.execPath, words, {
    detached: true,
    env: cleanEnvironment(),
    stdio: ['ignore', log, log, 'ipc'],
  })
  const interrupt = () => holder.kill('SIGTERM')
  process.once('SIGINT', interrupt)
  try {
    return await linesOf(holder)
  } finally {
    process.off('SIGINT', interrupt)
    if (holder.connected) holder.disconnect()
    holder.unref()
  }
}

function linesOf(holder: ChildProcess): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = []
    holder.on('message', (told: Told) => {
      if ('line' in told) lines.push(told.line)
      else if ('done' in told) resolve(lines)
      else reject(new Complaint(told.error))
    })
    holder.once('exit', () => reject(new Complaint(`The cluster has not started; see ${supervisorLog}`)))
  })
}

/** Its holder has removed what leads to it: the last thing that it does before it ends. */
async function untilGone(): Promise<void> {
  while (await order({ do: 'status' }, () => {}).catch(() => true))
    await new Promise((resolve) => setTimeout(resolve, 50))
}

function isFree(host: string, port: number): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}

/** The address of this machine in the network that phones are likely to be in. */
function lanAddress(): string | undefined {
  return Object.entries(networkInterfaces())
    .filter(([name]) => !/^(docker|br-|veth|virbr|vmnet|tun|tap|utun|zt|tailscale)/.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}

/** Every gateway prints it when it is ready. */
function qrCode(): string {
  const log = readFileSync(join(clusterFolder, 'logs', 'gateway-1.log'), 'utf8')
  const lines = log.split('\n').filter((line) => /^ {2}[█▀▄ ]+$/.test(line) && /[█▀▄]/.test(line))
  const last = lines.slice(-lines.length / Math.max(1, log.split('Matchday is ready').length - 1))
  return last.join('\n')
}

type Flags = Record<string, { type: 'string' | 'boolean' }>

function parse(words: readonly string[], options: Flags) {
  try {
    return parseArgs({ args: [...words], options }).values
  } catch (error) {
    throw new Complaint(error instanceof Error ? error.message : String(error))
  }
}

function flagsOf<Name extends string>(words: readonly string[], names: readonly Name[]) {
  const values = parse(words, Object.fromEntries(names.map((name) => [name, { type: 'string' }])))
  // Only names from the list are in it, and each is a string.
  return values as Partial<Record<Name, string>>
}

function wholeOf(name: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > most) throw new Complaint(`--${name}: a whole number from 1 to ${most}`)
  return value
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Complaint)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
