import {
  type Bus,
  type Clock,
  createMemoryBus,
  createNatsBus,
  type Log,
  type NatsBusOptions,
  type PartHealth,
} from '@matchday/kernel'
import { type Config, servicesOf } from './config.ts'

export type OpenedBus = {
  readonly bus: Bus
  /** All roles of this process are there. */
  announce(): void
  /** Resolves when messages can be sent, or the signal aborts. */
  whenUp(signal: AbortSignal): Promise<void>
  health(): Omit<PartHealth, 'name'>
}

type Parts = { clock: Clock; log: Log }

/** The broker between the processes, or what stands for it within one. Does not wait for it. */
export function openBus(config: Config, parts: Parts): OpenedBus {
  const { natsUrl, roles } = config
  if (natsUrl === undefined) return openMemoryBus(parts)
  // Each role has its own permissions at the broker; a process that plays several needs a user of its own.
  const role = roles.length === 1 && roles[0] !== undefined ? roles[0] : 'matchday'
  return openBroker(config, { ...parts, role, owns: servicesOf(config) })
}

/** For somebody who only looks: makes no streams. */
export function openBrokerAsOperator(config: Config, parts: Parts): OpenedBus {
  return openBroker(config, { ...parts, role: 'operator', owns: [] })
}

function openBroker(config: Config, parts: Parts & Pick<NatsBusOptions, 'role' | 'owns'>): OpenedBus {
  const bus = createNatsBus({
    ...parts,
    ...brokerPlace(config.natsUrl ?? []),
    replicas: config.natsReplicas,
    ...(config.natsCreds === undefined ? {} : { credentials: { credentialsFile: config.natsCreds } }),
    ...(config.natsCa === undefined ? {} : { tls: { caFile: config.natsCa } }),
  })
  let hasBeenUp = false
  bus.onState((state) => {
    if (state === 'up') hasBeenUp = true
  })
  return {
    bus,
    announce: () => {},
    whenUp: (signal) => whenUp(bus, signal),
    health: () => {
      if (bus.state === 'up') return { state: 'ready' }
      const detail = `waiting for the broker: ${bus.problem ?? 'it does not answer'}`
      return { state: hasBeenUp ? 'failing' : 'starting', detail }
    },
  }
}

/** User and password travel apart from the addresses, which may be logged. */
export function brokerPlace(urls: readonly string[]): Pick<NatsBusOptions, 'servers' | 'credentials'> {
  const parsed = urls.map((url) => new URL(url))
  const servers = parsed.map(({ protocol, host }) => `${protocol}//${host}`)
  const known = parsed.find(({ username }) => username !== '')
  if (known === undefined) return { servers }
  const user = decodeURIComponent(known.username)
  return { servers, credentials: { user, password: decodeURIComponent(known.password) } }
}

/** Whoever asks before the services can answer is told so at once, and not left in a queue. */
function openMemoryBus(parts: Parts): OpenedBus {
  const bus = createMemoryBus(parts)
  bus.setState('down')
  return {
    bus,
    announce: () => bus.setState('up'),
    whenUp: async () => {},
    health: () => ({ state: 'ready' }),
  }
}

function whenUp(bus: Bus, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (bus.state === 'up' || signal.aborted) return resolve()
    const settle = () => {
      subscription.close()
      signal.removeEventListener('abort', settle)
      resolve()
    }
    const subscription = bus.onState((state) => {
      if (state === 'up') settle()
    })
    signal.addEventListener('abort', settle, { once: true })
  })
}
