import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@matchday/kernel'
import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { type Launched, launchMatchday, removeFolder, runMatchday, temporaryFolder } from './matchday.ts'

const readyTimeoutMs = 20_000
const brokerPassword = 'canary9brokerpassword'

export type RoleName = 'gateway' | 'tournaments' | 'organizations' | 'identity'
/** A process of Matchday, with the address at which it can be asked how it is. */
export type Role = Launched & { readonly url: string; readonly name: RoleName }
export type Readiness = { ready: boolean; parts: { name: string; state: string; detail?: string }[] }

export async function readinessOf(role: Role): Promise<Readiness> {
  return (await (await fetch(`${role.url}/readyz`)).json()) as Readiness
}

/** Polls, for there is nobody outside who could tell. */
export async function untilReady(...roles: readonly Role[]): Promise<void> {
  for (const role of roles) {
    const startedAt = performance.now()
    for (;;) {
      const { ready, parts } = await readinessOf(role)
      if (ready) break
      if (performance.now() - startedAt > readyTimeoutMs)
        throw new Error(`${role.name} is not ready: ${JSON.stringify(parts)}\n${role.output()}`)
      await sleep(20)
    }
  }
}

/** A gateway is ready without accounts; resolves when it knows them too. */
export async function untilAccountsAreKnown(gateway: Role): Promise<void> {
  const startedAt = performance.now()
  for (;;) {
    const { parts } = await readinessOf(gateway)
    const accounts = parts.filter(({ name }) => name.startsWith('accounts of'))
    if (accounts.length === 2 && accounts.every(({ detail }) => detail === undefined)) return
    if (performance.now() - startedAt > readyTimeoutMs)
      throw new Error(`accounts are not known: ${JSON.stringify(parts)}\n${gateway.output()}`)
    await sleep(20)
  }
}

/** A database server whose address is known before anybody answers there. */
export class Line {
  readonly #target: () => string
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  port = 0

  constructor(target: () => string) {
    this.#target = target
  }

  async open(): Promise<void> {
    const server = createServer((incoming) => {
      const outgoing = createConnection(this.#target())
      for (const socket of [incoming, outgoing]) {
        this.#sockets.add(socket)
        socket.on('error', () => socket.destroy())
        socket.on('close', () => {
          this.#sockets.delete(socket)
          incoming.destroy()
          outgoing.destroy()
        })
      }
      incoming.pipe(outgoing).pipe(incoming)
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    this.port = typeof address === 'object' && address !== null ? address.port : 0
    this.#server = server
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}

/** What the processes share: a broker, a database, keys. Each can be missing for a while. */
export class Surroundings {
  broker!: NatsServer
  line!: Line
  #postgres!: EmbeddedPostgres
  #folder = ''
  #password = ''
  #user = ''
  #keys: Readonly<Record<string, string>> = {}
  #database = ''
  readonly #launched = new Set<Launched>()

  async start(): Promise<void> {
    this.#folder = await temporaryFolder()
    // As it is meant to run: everybody may do only what he needs.
    const config = await readFile(new URL('../../deploy/nats/permissions.conf', import.meta.url), 'utf8')
    const users = config.match(/NATS_\w+_PASSWORD/g) ?? []
    const environment = Object.fromEntries(users.map((name) => [name, brokerPassword]))
    this.broker = await startNatsServer({ config, environment })
    this.#postgres = await startEmbeddedPostgres({ dataDirectory: this.#folder })
    await this.freshDatabase()
    const { user, password, host, port } = await this.#postgres.database(this.#database)
    this.#user = user
    this.#password = password
    this.line = new Line(() => join(host, `.s.PGSQL.${port}`))
    await this.line.open()
    const { output } = await runMatchday(['token-key'])
    this.#keys = Object.fromEntries(
      output
        .split('\n')
        .filter((text) => text.startsWith('MATCHDAY_'))
        .map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const),
    )
  }

  /** An empty one, without tables; processes that start from now on use it. */
  async freshDatabase(): Promise<void> {
    this.#database = `cup_${randomBytes(6).toString('hex')}`
    await this.#postgres.database(this.#database)
  }

  get databaseUrl(): string {
    return `postgres://${this.#user}:${this.#password}@127.0.0.1:${this.line.port}/${this.#database}`
  }

  brokerUrl(user: RoleName | 'operator'): string {
    return `nats://${user}:${brokerPassword}@127.0.0.1:${this.broker.port}`
  }

  /** The environment of a role: no more than it needs. */
  environment(name: RoleName | 'operator'): Readonly<Record<string, string>> {
    const { MATCHDAY_TOKEN_KEY = '', MATCHDAY_TOKEN_PUBLIC_KEY = '' } = this.#keys
    const broker = { MATCHDAY_NATS_URL: this.brokerUrl(name) }
    const common = { ...broker, MATCHDAY_HOST: '127.0.0.1', MATCHDAY_PORT: '0', MATCHDAY_ROLES: name }
    const service = { ...common, MATCHDAY_TOKEN_KEY, MATCHDAY_PUBLIC_URL: 'https://cup.example' }
    const url = this.databaseUrl
    switch (name) {
      case 'gateway':
        return { ...common, MATCHDAY_TOKEN_PUBLIC_KEY }
      case 'tournaments':
        return { ...service, MATCHDAY_TOURNAMENTS_DATABASE_URL: url }
      case 'organizations':
        return { ...service, MATCHDAY_ORGANIZATIONS_DATABASE_URL: url, MATCHDAY_REGISTRATION: 'closed' }
      case 'identity':
        return {
          ...{ ...service, MATCHDAY_REGISTRATION: 'closed' },
          ...{ MATCHDAY_IDENTITY_STAFF_DATABASE_URL: url, MATCHDAY_IDENTITY_PLAYERS_DATABASE_URL: url },
        }
      case 'operator':
        return { ...broker, MATCHDAY_DATABASE_URL: url }
      default:
        return name satisfies never
    }
  }

  async launch(name: RoleName, env: Readonly<Record<string, string>> = {}): Promise<Role> {
    const launched = launchMatchday(['serve'], { env: { ...this.environment(name), ...env } })
    this.#launched.add(launched)
    const [, url = ''] = await launched.printed(/(?:gateway|probes) listens on (\S+)/)
    return { ...launched, url, name }
  }

  run(words: readonly string[]) {
    return runMatchday(words, { env: this.environment('operator') })
  }

  /** What all processes have printed. */
  output(): string {
    return [...this.#launched].map((launched) => launched.output()).join('')
  }

  /** Ends what was launched, as a crash does. */
  async killAll(): Promise<void> {
    const all = [...this.#launched]
    this.#launched.clear()
    await Promise.all(all.map((launched) => launched.stop('SIGKILL')))
  }

  async dispose(): Promise<void> {
    await this.killAll()
    await this.line.close()
    await this.#postgres.stop()
    await this.broker.dispose()
    await removeFolder(this.#folder)
  }
}
