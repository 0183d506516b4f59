import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type EmbeddedPostgres, generateTokenKey, type TokenKey } from '@matchday/kernel'
import { freePort, startNatsServer } from '@matchday/testkit'
import { Disposables } from '../disposables.ts'
import { ownEnvironment, startMatchday } from '../matchday.ts'
import { type Peer, startPeer } from '../peer.ts'
import { startWorker } from '../worker.ts'
import type { FloorSettings } from './floor-service-worker.ts'
import type { GatewaySettings } from './single-item-gateway-server.ts'

/** What is measured: where it listens, and the processes of each part of it. */
export type System = AsyncDisposable & {
  readonly port: number
  readonly processes: {
    readonly gateway: readonly number[]
    readonly service: readonly number[]
    readonly nats: number
  }
}
/** Matchday's processes among which another gateway can be put. */
export type MatchdaySystem = System & { readonly natsUrl: string; readonly tokenKey: TokenKey }

/** A gateway and some instances of the one service, with a broker and a database of their own. */
export async function startMatchdaySystem(options: {
  bundle: string
  folder: string
  name: string
  postgres: EmbeddedPostgres
  instances: number
  profileFolder?: string | undefined
}): Promise<MatchdaySystem> {
  const { bundle, folder, name, postgres, instances, profileFolder } = options
  await using stack = new Disposables()
  const nats = stack.use(await startNatsServer())
  const { host, port, user, password, database } = await postgres.database(name)
  const tokenKey = await generateTokenKey()
  const environment = {
    MATCHDAY_NATS_URL: nats.url,
    MATCHDAY_DATABASE_URL: `postgres://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`,
    MATCHDAY_TOKEN_KEY: JSON.stringify(tokenKey),
    MATCHDAY_PUBLIC_URL: 'http://127.0.0.1',
  }
  const env = { ...ownEnvironment(), ...environment }
  await promisify(execFile)(process.execPath, [bundle, 'migrate'], { env, timeout: 60_000 })
  const nodeFlags = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`]
  const start = (roles: string, index: number) =>
    startMatchday({
      bundle,
      dataFolder: `${folder}/${name}-${roles}-${index}`,
      roles,
      environment,
      nodeFlags,
    })
  const services = await Promise.all(
    Array.from({ length: instances }, async (_, index) => stack.use(await start('tournaments', index))),
  )
  const gateway = stack.use(await start('gateway', 0))
  const kept = stack.move()
  return {
    port: gateway.port,
    natsUrl: nats.url,
    tokenKey,
    processes: {
      gateway: [gateway.processId],
      service: services.map(({ processId }) => processId),
      nats: nats.pid ?? 0,
    },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  }
}

/** The same service behind a gateway of its own, which puts each request in an envelope of its own. */
export async function startSingleItems(system: MatchdaySystem): Promise<System> {
  const worker = startWorker<GatewaySettings, { port: number }>('single-item-gateway-server')
  const { natsUrl, tokenKey, processes } = system
  const { port } = await worker.ask({ natsUrl, tokenKey })
  return {
    port,
    processes: { ...processes, gateway: [worker.processId] },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  }
}

type Broker = { readonly url: string; readonly pid: number | undefined }

export async function startTextbook(nats: Broker, answerBytes: number): Promise<System> {
  await using stack = new Disposables()
  const service = stack.use(
    startWorker<{ natsUrl: string; answerBytes: number }, null>('textbook-service-worker'),
  )
  await service.ask({ natsUrl: nats.url, answerBytes })
  const gateway = stack.use(startWorker<{ natsUrl: string }, { port: number }>('textbook-gateway-worker'))
  const { port } = await gateway.ask({ natsUrl: nats.url })
  return ofTwo(stack.move(), nats, port, gateway, service)
}

/** Matchday's bus, and nothing of Matchday but that: what is left when nothing is asked, checked, decided or told. */
export async function startFloor(nats: Broker, settings: Omit<FloorSettings, 'natsUrl'>): Promise<System> {
  await using stack = new Disposables()
  const natsUrl = nats.url
  const service = stack.use(startWorker<FloorSettings, null>('floor-service-worker'))
  await service.ask({ natsUrl, ...settings })
  const gateway = stack.use(startWorker<{ natsUrl: string }, { port: number }>('floor-gateway-worker'))
  const { port } = await gateway.ask({ natsUrl })
  return ofTwo(stack.move(), nats, port, gateway, service)
}

/** `service.mjs` and `gateway.mjs` of a peer's folder. */
export async function startPeerSystem(
  peer: Peer,
  nats: Broker,
  settings: { answerBytes: number; database?: object },
): Promise<System> {
  await using stack = new Disposables()
  const natsUrl = nats.url
  const service = stack.use(await startPeer(peer.folder, 'service.mjs', { natsUrl, ...settings }))
  const gateway = stack.use(await startPeer(peer.folder, 'gateway.mjs', { natsUrl, port: await freePort() }))
  return ofTwo(stack.move(), nats, gateway.port, gateway, service)
}

type Process = { readonly processId: number }

function ofTwo(kept: Disposables, nats: Broker, port: number, gateway: Process, service: Process): System {
  return {
    port,
    processes: { gateway: [gateway.processId], service: [service.processId], nats: nats.pid ?? 0 },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  }
}
