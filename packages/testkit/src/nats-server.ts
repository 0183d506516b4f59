import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { pauseProcess } from './pause-process.ts'

/** A nats-server that takes longer than this to accept connections, or to stop, hangs. */
const startMs = 10_000
const stopMs = 10_000
const portTries = 20
/** Only the end of what the server said is kept: enough to say why it did not start. */
const outputKeptMax = 4_096

const whereDebianPutsIt = '/usr/sbin/nats-server'
const howToGetIt =
  'nats-server is missing. On Debian and Ubuntu: sudo apt-get install nats-server. ' +
  'Elsewhere: https://github.com/nats-io/nats-server/releases, and put it on the PATH.'

export type NatsServerOptions = {
  readonly port?: number
  /** Left out: a temporary folder, which goes with the server. */
  readonly storeDir?: string
  /** More lines of configuration, in the server's own language. */
  readonly config?: string
  /** A whole configuration instead of ours, store included; address and port still go by what is said here. */
  readonly configFile?: string
  /** For `$NAMES` in the configuration. */
  readonly environment?: Readonly<Record<string, string>>
}

/** A real nats-server with JetStream, on loopback, for tests: whatever it holds may be lost with it. */
export type NatsServer = AsyncDisposable & {
  readonly url: string
  readonly port: number
  readonly storeDir: string
  /** The process, while it runs. */
  readonly pid: number | undefined
  /** Resolves when it accepts connections, on the same port and store as before. */
  start(): Promise<void>
  stop(signal?: NodeJS.Signals): Promise<void>
  /** As a crash ends it. */
  kill(): Promise<void>
  /** Resolves when it stands still. */
  pause(): Promise<void>
  resume(): void
  restart(): Promise<void>
  /** All streams are gone, as after the loss of a disk. Only while it is stopped. */
  wipeStore(): Promise<void>
  /** What it said last. */
  output(): string
  dispose(): Promise<void>
}

export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  for (let tried = 1; ; tried++) {
    const port = options.port ?? (await freePort())
    const server = new ChildNatsServer(port, await mkdtemp(join(tmpdir(), 'matchday-nats-')), options)
    try {
      await server.start()
      return server
    } catch (error) {
      await server.dispose()
      // Somebody else may have taken the port in between.
      const isTaken = server.output().includes('address already in use')
      if (!isTaken || options.port !== undefined || tried === portTries) throw error
    }
  }
}

class ChildNatsServer implements NatsServer {
  readonly url: string
  readonly port: number
  readonly storeDir: string
  private readonly folder: string
  private readonly options: NatsServerOptions
  private child: ChildProcess | null = null
  private said = ''

  constructor(port: number, folder: string, options: NatsServerOptions) {
    this.port = port
    this.url = `nats://127.0.0.1:${port}`
    this.folder = folder
    this.storeDir = options.storeDir ?? join(folder, 'store')
    this.options = options
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  output(): string {
    return this.said
  }

  async start(): Promise<void> {
    if (this.child !== null) return
    await mkdir(this.storeDir, { recursive: true })
    const child = this.spawn(await this.configuration())
    this.child = child
    this.said = ''
    const ready = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`nats-server does not start:\n${this.said}`)), startMs)
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        this.said = (this.said + text).slice(-outputKeptMax)
        if (!text.includes('Server is ready')) return
        clearTimeout(timer)
        resolve()
      })
      child.once('exit', (code) => {
        if (this.child === child) this.child = null
        clearTimeout(timer)
        // 127: the system's `env` found no such program.
        reject(new Error(code === 127 ? howToGetIt : `nats-server ended with ${code}:\n${this.said}`))
      })
    })
    await ready
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    // A paused process hears nothing but this.
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await ended
    clearTimeout(timer)
    this.child = null
  }

  kill(): Promise<void> {
    return this.stop('SIGKILL')
  }

  async pause(): Promise<void> {
    if (this.pid !== undefined) await pauseProcess(this.pid)
  }

  resume(): void {
    this.child?.kill('SIGCONT')
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  async wipeStore(): Promise<void> {
    if (this.child !== null) throw new Error('Stop the server before its store is wiped')
    await rm(this.storeDir, { recursive: true, force: true })
  }

  async dispose(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  private async configuration(): Promise<string> {
    if (this.options.configFile !== undefined) return this.options.configFile
    const file = join(this.folder, 'nats.conf')
    const jetstream = `jetstream { store_dir: ${JSON.stringify(this.storeDir)}, max_mem: 1GB, max_file: 8GB }`
    await writeFile(file, `${jetstream}\n${this.options.config ?? ''}\n`)
    return file
  }

  private spawn(configuration: string): ChildProcess {
    const program = existsSync(whereDebianPutsIt) ? whereDebianPutsIt : 'nats-server'
    const environment = Object.entries(this.options.environment ?? {}).map(
      ([name, value]) => `${name}=${value}`,
    )
    const address = ['-a', '127.0.0.1', '-p', String(this.port)]
    // `env` keeps the environment of the tests and adds to it; then it becomes the server, under the same id.
    return spawn('env', [...environment, program, '-c', configuration, ...address], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  }
}
