import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { faultCodes } from '@matchday/contracts'
import type { Guardian } from './guardian.ts'

export const balancerLimits = {
  /** Places for gateways; those that are free are switched off. */
  gatewaysMax: 16,
  checkMs: 500,
  /** So many failed checks in a row take a gateway out, so that a hiccup does not. */
  checksFailedMax: 2,
} as const

/** From the moment a gateway says that it isn't ready until nobody is sent to it: two checks, one under way, and slack. */
export const drainDelayMs = balancerLimits.checkMs * (balancerLimits.checksFailedMax + 1) + 500

const startMs = 20_000
const stateMs = 30_000
const stopMs = 5_000
const answerMs = 5_000
const pollMs = 50
const whereDebianPutsIt = '/usr/sbin/haproxy'
const howToGetIt =
  'HAProxy is missing. On Debian and Ubuntu: sudo apt-get install haproxy. Elsewhere: https://www.haproxy.org, 2.6 or newer, on the PATH.'

/** What the balancer thinks of a gateway. `off`: switched off by us. */
export type Place = {
  readonly name: string
  readonly state: 'up' | 'down' | 'off'
  readonly sessions: number
}

export type Balancer = {
  readonly url: string
  readonly port: number
  /** A page for people. */
  readonly statsUrl: string
  readonly processId: number
  readonly logFile: string
  /** Gives a gateway a place, and the place its address. */
  add(name: string, port: number): Promise<void>
  remove(name: string): Promise<void>
  places(): Promise<readonly Place[]>
  /** Resolves when new requests go there (or don't). */
  until(name: string, state: 'up' | 'down'): Promise<void>
  stop(): Promise<void>
}

export type BalancerOptions = {
  readonly host: string
  readonly port: number
  readonly statsPort: number
  /** Short: the path of a socket in it has at most 107 bytes. */
  readonly runFolder: string
  readonly logFile: string
  readonly guardian: Guardian
}

/** HAProxy in front of the gateways; none has a place yet. */
export async function startBalancer(options: BalancerOptions): Promise<Balancer> {
  const { port, statsPort, runFolder, logFile, guardian } = options
  const socket = join(runFolder, 'haproxy.sock')
  const file = join(runFolder, 'haproxy.cfg')
  await writeFile(file, configuration({ ...options, socket }))
  const log = openSync(logFile, 'a')
  // -db: one process, in the foreground, so that we see its end.
  const program = existsSync(whereDebianPutsIt) ? whereDebianPutsIt : 'haproxy'
  const child = spawn(program, ['-db', '-f', file], { stdio: ['ignore', log, log] })
  closeSync(log)
  await once(child, 'spawn').catch(() => {
    throw new Error(howToGetIt)
  })
  guardian.watch(child.pid)
  child.once('exit', () => guardian.drop(child.pid))
  await untilAnswers(child, socket, logFile)
  const tell = async (...commands: readonly string[]) => {
    for (const command of commands) await order(socket, command)
  }
  const places = async () => readPlaces(await ask(socket, 'show stat'))
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    statsUrl: `http://127.0.0.1:${statsPort}/`,
    processId: child.pid ?? 0,
    logFile,
    places,
    add: (name, itsPort) =>
      tell(
        ...['gateways', 'sockets'].map((all) => `set server ${all}/${name} addr 127.0.0.1 port ${itsPort}`),
        `set server gateways/${name} state ready`,
      ),
    remove: (name) => tell(`set server gateways/${name} state maint`),
    until: (name, state) => untilState(places, name, state),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
      await exited
      clearTimeout(timer)
    },
  }
}

/**
 * Requests go to the gateway with the fewest under way, sockets to that with the fewest open. Only what never reached a
 * gateway is sent to another: a request that may have been taken is asked again by its client, under the same id.
 */
function configuration({ host, port, statsPort, socket }: BalancerOptions & { socket: string }): string {
  const names = Array.from({ length: balancerLimits.gatewaysMax }, (_, index) => `gateway-${index + 1}`)
  const { checkMs, checksFailedMax } = balancerLimits
  return `global
  stats socket ${socket} mode 600 level admin
  stats timeout 30s
  fd-hard-limit 65536
  # The machine is shared with everything behind it.
  nbthread 1
  hard-stop-after 10s

defaults
  mode http
  option forwardfor
  option http-keep-alive
  option abortonclose
  timeout connect 2s
  timeout queue 2s
  timeout check 2s
  timeout client 60s
  timeout server 60s
  # Half of what a gateway keeps an idle connection for, so that none is used in the moment in which it is closed.
  timeout http-keep-alive 30s
  timeout http-request 30s
  # Sockets have heartbeats of their own.
  timeout tunnel 1h
  timeout client-fin 5s
  retries 3
  retry-on conn-failure
  option redispatch 1
  unique-id-format %[uuid]
${[502, 503, 504].map(problem).join('\n')}

frontend everybody
  bind ${host}:${port}
  use_backend sockets if { path /api/live }
  default_backend gateways

backend gateways
  balance leastconn
  http-reuse safe
  option httpchk GET /readyz
  http-check expect status 200
  default-server inter ${checkMs}ms fall ${checksFailedMax} rise 1 pool-purge-delay 10s
${names.map((name) => `  server ${name} 127.0.0.1:1 check disabled`).join('\n')}

backend sockets
  balance leastconn
${names.map((name) => `  server ${name} 127.0.0.1:1 track gateways/${name}`).join('\n')}

frontend people
  bind 127.0.0.1:${statsPort}
  stats enable
  stats uri /
  stats refresh 2s
`
}

/** In the same shape as the gateway's own. */
function problem(status: number): string {
  const title = faultCodes.unavailable
  const document = `{"type":"/problems/unavailable","title":"${title}","status":${status},"code":"unavailable","requestId":"%ID"}`
  const headers = 'hdr retry-after 1 hdr cache-control no-store hdr x-request-id %ID'
  return `  http-error status ${status} content-type application/problem+json lf-string ${quoted(document)} ${headers}`
}

/** HAProxy's own quotes: nothing between them has a meaning. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

async function untilAnswers(child: ChildProcess, socket: string, logFile: string): Promise<void> {
  const until = performance.now() + startMs
  for (;;) {
    const answer = await ask(socket, 'show version').catch(() => '')
    if (answer !== '') return
    const hasEnded = child.exitCode !== null
    if (hasEnded || performance.now() > until) {
      child.kill('SIGKILL')
      throw new Error(
        `HAProxy ${hasEnded ? 'has ended' : 'does not start'}:\n${readFileSync(logFile, 'utf8').slice(-4_000)}`,
      )
    }
    await sleep(pollMs)
  }
}

async function untilState(
  places: () => Promise<readonly Place[]>,
  name: string,
  state: Place['state'],
): Promise<void> {
  const until = performance.now() + stateMs
  for (;;) {
    const place = (await places()).find((one) => one.name === name)
    if (place?.state === state) return
    if (performance.now() > until) throw new Error(`${name} is ${place?.state} at the balancer, not ${state}`)
    await sleep(pollMs)
  }
}

/** One command over its socket, and all that it answers. */
function ask(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const line = createConnection(socket)
    line.setTimeout(answerMs, () => line.destroy(new Error(`HAProxy does not answer: ${command}`)))
    line.setEncoding('utf8')
    line.on('data', (text) => {
      answer += text
    })
    line.once('error', reject)
    line.once('end', () => resolve(answer.trim()))
    line.write(`${command}\n`)
  })
}

/** Said in words only when something is wrong, or an address has changed. */
async function order(socket: string, command: string): Promise<void> {
  const answer = await ask(socket, command)
  if (answer !== '' && !/chang|no need/i.test(answer)) throw new Error(`HAProxy: ${command}: ${answer}`)
}

function readPlaces(table: string): readonly Place[] {
  const [head = '', ...lines] = table.replace(/^# /, '').split('\n')
  const names = head.split(',')
  const rows = lines.map((line) => {
    const values = line.split(',')
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
  })
  return rows
    .filter(({ pxname, svname }) => pxname === 'gateways' && svname?.startsWith('gateway-'))
    .map((row) => {
      const sockets = rows.find(({ pxname, svname }) => pxname === 'sockets' && svname === row.svname)
      return {
        name: row.svname ?? '',
        state: row.status?.startsWith('MAINT') ? 'off' : row.status?.startsWith('UP') ? 'up' : 'down',
        sessions: Number(row.scur) + Number(sockets?.scur ?? 0),
      }
    })
}
