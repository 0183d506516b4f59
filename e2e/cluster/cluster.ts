import { chmod, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServiceName, type ServiceRole, serviceRoles } from '@matchday/contracts'
import { generateTokenKey, openTokenKey, publicTokenKey, type TokenKey } from '@matchday/kernel'
import { freePort, type NatsCluster, type NatsServer } from '@matchday/testkit'
import { removeFolder, runMatchday } from '../support/matchday.ts'
import { type Balancer, balancerLimits, drainDelayMs, startBalancer } from './balancer.ts'
import { type Broker, startBroker } from './broker.ts'
import { type ClusterDatabase, startDatabase } from './database.ts'
import { type Guardian, startGuardian } from './guardian.ts'
import { createMember, type Member, type MemberRole, memberRoles, serviceRoleNames } from './member.ts'

export type { Member, MemberRole } from './member.ts'

export type ClusterOptions = {
  gateways?: number
  /** Of tournaments. */
  instances?: number
  /** Of organizations, and of identity; left out: none, and guests play among themselves. */
  people?: number
  balancer?: boolean
  natsNodes?: 1 | 3
  /** Each role is a user of its own at the broker, with the rights of deploy/nats; left out: all may do all. */
  permissions?: boolean
  /** Clients may say in X-Forwarded-For where they are, as if each venue had a proxy: many may join at once. */
  venues?: boolean
  /** Settings of all processes, over those that are made here. */
  environment?: Record<string, string>
  /** The built server; left out: dist/matchday.mjs. */
  bundle?: string
  /** Where all of it is kept, across starts; left out: a temporary folder that goes with the cluster. */
  folder?: string
  /** Of the balancer, or of the first gateway without one. */
  host?: string
  port?: number
  /** Where phones reach it; left out: `url`. */
  publicUrl?: string
}

/** Matchday as many processes on this machine. Whatever ends this process ends them all. */
export type Cluster = AsyncDisposable & {
  /** Of the balancer, or of the first gateway without one. */
  readonly url: string
  readonly gateways: readonly Member[]
  /** Of tournaments. */
  readonly instances: readonly Member[]
  /** All processes, first who takes requests in. */
  readonly members: readonly Member[]
  readonly nats: NatsServer | NatsCluster
  /** Pages of nats-server for people and programs; none of three that replicate. */
  readonly natsMonitorUrls: readonly string[]
  /** For `matchday dead-letters`. */
  readonly operatorNatsUrl: string
  readonly postgres: ClusterDatabase
  readonly balancer: Balancer | undefined
  /** Logs are in `logs/`. */
  readonly folder: string
  /** Temporary, with a short path: for sockets. */
  readonly runFolder: string
  /** One process more; resolves when it is ready and, a gateway, the balancer sends requests there. */
  add(role: MemberRole): Promise<Member>
  /** Takes the youngest out of use, as a restart does; never the last one. */
  remove(role: MemberRole): Promise<Member>
  /** Every process once, one after the other, so that nobody notices. `onStep` is told what happens. */
  restartRolling(onStep?: (step: string) => void): Promise<void>
  /** Ends it in good order: what is under way is finished first. */
  stop(): Promise<void>
}

const root = new URL('../..', import.meta.url).pathname
const builtBundle = join(root, 'dist/matchday.mjs')
/** Somebody may take a port between its choice and its use. */
const startTries = 3

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const temporary = options.folder === undefined
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'matchday-cluster-')))
  // The database's own user must be able to pass, when root starts it.
  if (temporary) await chmod(folder, 0o711)
  const guardian = startGuardian()
  if (temporary) guardian.sweep(folder)
  const cluster = new LocalCluster(options, folder, guardian)
  try {
    await cluster.start()
    return cluster
  } catch (error) {
    await cluster[Symbol.asyncDispose]()
    throw error
  }
}

class LocalCluster implements Cluster {
  readonly folder: string
  runFolder = ''
  url = ''
  balancer: Balancer | undefined
  readonly #options: ClusterOptions
  readonly #guardian: Guardian
  #broker: Broker | undefined
  #postgres: ClusterDatabase | undefined
  readonly #members = new Map<MemberRole, readonly Member[]>()
  #environments: ReadonlyMap<MemberRole, Record<string, string>> = new Map()
  #isDisposed = false

  constructor(options: ClusterOptions, folder: string, guardian: Guardian) {
    this.#options = options
    this.folder = folder
    this.#guardian = guardian
  }

  get gateways(): readonly Member[] {
    return this.#membersOf('gateway')
  }

  get instances(): readonly Member[] {
    return this.#membersOf('tournaments')
  }

  get members(): readonly Member[] {
    return memberRoles.flatMap((role) => this.#membersOf(role))
  }

  get nats(): NatsServer | NatsCluster {
    return this.#started(this.#broker).nats
  }

  get natsMonitorUrls(): readonly string[] {
    return this.#started(this.#broker).monitorUrls
  }

  get operatorNatsUrl(): string {
    return this.#started(this.#broker).urlFor('operator')
  }

  get postgres(): ClusterDatabase {
    return this.#started(this.#postgres)
  }

  /** 1 what lasts, 2 its tables, 3 the balancer, whose address is part of every link, 4 all processes at once. */
  async start(): Promise<void> {
    const { gateways = 1, instances = 1, people = 0, balancer = false, natsNodes = 1 } = this.#options
    const counts = { gateway: gateways, tournaments: instances, organizations: people, identity: people }
    const { host = '127.0.0.1', permissions = false } = this.#options
    this.runFolder = await mkdtemp(join(tmpdir(), 'matchday-run-'))
    this.#guardian.sweep(this.runFolder)
    await mkdir(join(this.folder, 'logs'), { recursive: true })
    const started = await Promise.allSettled([
      startBroker({
        ...{ nodes: natsNodes, permissions, guardian: this.#guardian },
        storeDir: this.#options.folder === undefined ? undefined : join(this.folder, 'nats'),
      }).then((broker) => {
        this.#broker = broker
      }),
      startDatabase(join(this.folder, 'database'), this.#guardian).then((postgres) => {
        this.#postgres = postgres
      }),
    ])
    for (const result of started) if (result.status === 'rejected') throw result.reason
    await this.#migrate()

    const port = this.#options.port ?? (await freePort())
    this.url = `http://127.0.0.1:${port}`
    if (balancer) {
      this.balancer = await startBalancer({
        ...{ host, port, statsPort: await freePort(), runFolder: this.runFolder },
        ...{ logFile: join(this.folder, 'logs', 'haproxy.log'), guardian: this.#guardian },
      })
    }
    this.#environments = this.#makeEnvironments(await this.#openKey())
    const add = (role: MemberRole) =>
      Array.from({ length: counts[role] }, (_, index) => this.#add(role, index + 1))
    await Promise.all(memberRoles.flatMap(add))
  }

  add(role: MemberRole): Promise<Member> {
    const numbers = this.#membersOf(role).map(({ name }) => Number(name.split('-').at(-1)))
    let number = 1
    while (numbers.includes(number)) number++
    return this.#add(role, number)
  }

  async remove(role: MemberRole): Promise<Member> {
    const member = this.#membersOf(role).at(-1)
    if (member === undefined || this.#membersOf(role).length === 1)
      throw new Error(`The last ${role} is not taken away`)
    await member.stop()
    if (role === 'gateway') await this.balancer?.remove(member.name)
    this.#setMembers(
      role,
      this.#membersOf(role).filter((other) => other !== member),
    )
    return member
  }

  /** A process drains by itself: not ready, still serving until the balancer has noticed, then finishing what it has. */
  async restartRolling(onStep: (step: string) => void = () => {}): Promise<void> {
    for (const role of new Set(this.members.map(({ role: its }) => its))) await this.#restartAll(role, onStep)
  }

  /** Where there is only one, another stands in for it. */
  async #restartAll(role: MemberRole, onStep: (step: string) => void): Promise<void> {
    const members = this.#membersOf(role)
    const isAlone = members.length === 1 && (role !== 'gateway' || this.balancer !== undefined)
    if (isAlone) await this.add(role)
    for (const member of members) {
      const startedAt = performance.now()
      const wasRunning = member.processId !== 0
      const code = await member.stop()
      if (wasRunning && code !== 0)
        throw new Error(`${member.name} has ended with ${code}:\n${member.log().slice(-4_000)}`)
      const stoppedAt = performance.now()
      await member.start()
      if (member.role === 'gateway') await this.balancer?.until(member.name, 'up')
      const [stopMs, startMs] = [stoppedAt - startedAt, performance.now() - stoppedAt].map(Math.round)
      onStep(`${member.name}: drained and stopped in ${stopMs} ms, ready again after ${startMs} ms`)
    }
    if (isAlone) await this.remove(role)
  }

  /** First who takes requests in, then who does the work, then what lasts. */
  async stop(): Promise<void> {
    await Promise.all(this.gateways.map((member) => member.stop()))
    await Promise.all(this.members.map((member) => member.stop()))
    await this.#broker?.stop()
    await this[Symbol.asyncDispose]()
  }

  /** As quickly as possible: nobody needs what it holds. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return
    this.#isDisposed = true
    const { members } = this
    for (const member of members) member.kill()
    await Promise.all(members.map((member) => member.stop()))
    await Promise.allSettled([this.balancer?.stop(), this.#broker?.dispose(), this.#postgres?.stop()])
    this.#guardian.dismiss()
    if (this.runFolder !== '') await removeFolder(this.runFolder)
    if (this.#options.folder === undefined) await removeFolder(this.folder)
  }

  #membersOf(role: MemberRole): readonly Member[] {
    return this.#members.get(role) ?? []
  }

  #setMembers(role: MemberRole, members: readonly Member[]): void {
    const sorted = members.toSorted((left, right) =>
      left.name.localeCompare(right.name, 'en', { numeric: true }),
    )
    this.#members.set(role, sorted)
  }

  /** Known as soon as it runs, so that it is ended whatever happens next. */
  async #add(role: MemberRole, number: number): Promise<Member> {
    const name = `${role}-${number}`
    if (role === 'gateway' && this.balancer && number > balancerLimits.gatewaysMax)
      throw new Error(`The balancer has places for ${balancerLimits.gatewaysMax} gateways`)
    for (let tried = 1; ; tried++) {
      const member = await this.#create(role, name, number)
      this.#setMembers(role, [...this.#membersOf(role), member])
      try {
        await member.start()
        if (role === 'gateway') {
          await this.balancer?.add(name, member.port)
          await this.balancer?.until(name, 'up')
        }
        return member
      } catch (error) {
        this.#setMembers(
          role,
          this.#membersOf(role).filter((other) => other !== member),
        )
        member.kill()
        await member.stop()
        if (this.#isDisposed || tried === startTries || !member.log().includes('is in use')) throw error
      }
    }
  }

  async #create(role: MemberRole, name: string, number: number): Promise<Member> {
    const isFront = role === 'gateway' && number === 1 && this.balancer === undefined
    const port = isFront ? Number(new URL(this.url).port) : await freePort()
    const metricsPort = role === 'gateway' ? await freePort() : port
    const { host = '127.0.0.1', bundle = builtBundle, environment = {} } = this.#options
    return createMember({
      ...{ name, role, port, metricsPort, bundle, folder: this.folder, guardian: this.#guardian },
      logFile: join(this.folder, 'logs', `${name}.log`),
      environment: {
        ...this.#environments.get(role),
        MATCHDAY_HOST: isFront ? host : '127.0.0.1',
        MATCHDAY_PORT: String(port),
        ...(role === 'gateway' ? { MATCHDAY_METRICS_PORT: String(metricsPort) } : {}),
        ...environment,
      },
    })
  }

  /** Each role is given what it needs and no more. */
  #makeEnvironments(key: TokenKey): ReadonlyMap<MemberRole, Record<string, string>> {
    const broker = this.#started(this.#broker)
    const { publicUrl = this.url, natsNodes = 1, venues = false } = this.#options
    const ofRole = (role: MemberRole) => ({
      MATCHDAY_ROLES: role,
      MATCHDAY_PUBLIC_URL: publicUrl,
      MATCHDAY_NATS_URL: broker.urlFor(role),
    })
    const gateway = {
      ...ofRole('gateway'),
      MATCHDAY_TOKEN_PUBLIC_KEY: JSON.stringify(publicTokenKey(key)),
      MATCHDAY_TRUSTED_PROXIES: String((this.balancer ? 1 : 0) + (venues ? 1 : 0)),
      ...(this.balancer ? { MATCHDAY_DRAIN_DELAY: String(drainDelayMs) } : {}),
    }
    const ofServices = (role: ServiceRole) => ({
      ...ofRole(role),
      MATCHDAY_NATS_REPLICAS: String(natsNodes),
      MATCHDAY_TOKEN_KEY: JSON.stringify(key),
      ...this.#databasesOf(serviceRoles[role]),
    })
    const services = serviceRoleNames.map((role) => [role, ofServices(role)] as const)
    return new Map<MemberRole, Record<string, string>>([['gateway', gateway], ...services])
  }

  #databasesOf(services: readonly ServiceName[]): Record<string, string> {
    const variable = (service: ServiceName) => `${service}-database-url`.toUpperCase().replaceAll('-', '_')
    return Object.fromEntries(
      services.map((service) => [`MATCHDAY_${variable(service)}`, this.postgres.urlOf(service)]),
    )
  }

  async #openKey(): Promise<TokenKey> {
    const { folder } = this.#options
    return folder === undefined ? generateTokenKey() : openTokenKey(join(folder, 'token-key.json'))
  }

  async #migrate(): Promise<void> {
    const roles = (this.#options.people ?? 0) > 0 ? serviceRoleNames : (['tournaments'] as const)
    const env = this.#databasesOf(roles.flatMap((role) => [...serviceRoles[role]]))
    const { code, output, error } = await runMatchday(['migrate'], { env })
    if (code !== 0) throw new Error(`matchday migrate has ended with ${code}:\n${output}${error}`)
  }

  #started<Part>(part: Part | undefined): Part {
    if (part === undefined) throw new Error('The cluster has not started')
    return part
  }
}
