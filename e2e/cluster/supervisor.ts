import { rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { balancerLimits } from './balancer.ts'
import { type Cluster, type ClusterOptions, startCluster } from './cluster.ts'
import { type MemberRole, serviceRoleNames } from './member.ts'
import { directions, report } from './report.ts'
import { clusterFolder, type Order, stateFile, type Told } from './state.ts'

/**
 * Holds the cluster of `script/cluster`: started by `up`, detached, with the options as its only word, it takes orders
 * until it is told `down`, or gets a signal.
 */
const instancesMax = 32
const orderBytesMax = 4_096

class Supervisor {
  readonly #cluster: Cluster
  readonly #server: Server
  #end: () => void = () => {}
  /** Orders that change something wait for each other. */
  #turn: Promise<unknown> = Promise.resolve()
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve
  })

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  async open(): Promise<void> {
    const control = join(this.#cluster.runFolder, 'control.sock')
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(control, resolve)
    })
    await writeFile(stateFile, JSON.stringify({ control, processId: process.pid }))
  }

  end(): void {
    this.#end()
  }

  async close(): Promise<void> {
    this.#server.close()
    await rm(stateFile, { force: true })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const tell = (told: Told) => void response.write(`${JSON.stringify(told)}\n`)
    const say = (line: string) => tell({ line })
    try {
      const order = await readOrder(request)
      await this.#obey(order, say)
      tell({ done: true })
      response.end()
      if (order.do === 'down') this.end()
    } catch (error) {
      tell({ error: error instanceof Error ? error.message : String(error) })
      response.end()
    }
  }

  async #obey(order: Order, say: (line: string) => void): Promise<void> {
    if (order.do === 'status') {
      for (const line of [...(await report(this.#cluster)), '', ...directions(this.#cluster)]) say(line)
      return
    }
    const turn = this.#turn.then(() => this.#change(order, say))
    this.#turn = turn.catch(() => {})
    await turn
  }

  async #change(order: Exclude<Order, { do: 'status' }>, say: (line: string) => void): Promise<void> {
    switch (order.do) {
      case 'restart':
        return this.#cluster.restartRolling(say)
      case 'scale':
        await this.#scale('gateway', order.gateways, say)
        for (const role of serviceRoleNames) await this.#scale(role, order.instances, say)
        return
      case 'down':
        say('Finishing what is under way')
        return this.#cluster.stop()
      default:
        return order satisfies never
    }
  }

  async #scale(role: MemberRole, wanted: number | undefined, say: (line: string) => void) {
    const count = () => this.#cluster.members.filter((member) => member.role === role).length
    while (wanted !== undefined && count() < wanted) say(`${(await this.#cluster.add(role)).name} is ready`)
    while (wanted !== undefined && count() > wanted)
      say(`${(await this.#cluster.remove(role)).name} has gone`)
  }
}

async function readOrder(request: IncomingMessage): Promise<Order> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > orderBytesMax) throw new Error('An order is shorter')
  }
  const order: Order = JSON.parse(text)
  if (order.do !== 'scale') return order
  const { gateways = 1, instances = 1 } = order
  if (
    !(gateways >= 1 && gateways <= balancerLimits.gatewaysMax && instances >= 1 && instances <= instancesMax)
  )
    throw new Error(
      `There are 1 to ${balancerLimits.gatewaysMax} gateways and 1 to ${instancesMax} instances`,
    )
  return order
}

async function hold(options: ClusterOptions): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())
  // Whoever closes the terminal of `up` does not mean the cluster.
  process.on('SIGHUP', () => {})
  const cluster = await startCluster(options)
  const supervisor = new Supervisor(cluster)
  try {
    await supervisor.open()
    stop.signal.addEventListener('abort', () => supervisor.end())
    if (stop.signal.aborted) supervisor.end()
    for (const line of directions(cluster)) process.send?.({ line } satisfies Told)
    process.send?.({ done: true } satisfies Told)
    await supervisor.ended
  } finally {
    await supervisor.close()
    await cluster.stop()
  }
}

try {
  await hold({ ...JSON.parse(process.argv[2] ?? '{}'), folder: clusterFolder })
} catch (error) {
  const text = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${text}\n`)
  process.send?.({ error: text } satisfies Told)
  process.exitCode = 1
}
if (process.connected) process.disconnect()
