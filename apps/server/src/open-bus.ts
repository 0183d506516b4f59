import { type Bus, type Clock, createMemoryBus, type Log, type PartHealth } from '@matchday/kernel'
import type { Config } from './config.ts'

export type OpenedBus = {
  readonly bus: Bus
  /** All roles of this process are there. */
  announce(): void
  /** Resolves when messages can be sent, or the signal aborts. */
  whenUp(signal: AbortSignal): Promise<void>
  health(): Omit<PartHealth, 'name'>
}

/** The broker between the processes, or what stands for it within one. Does not wait for it. */
export async function openBus(config: Config, parts: { clock: Clock; log: Log }): Promise<OpenedBus> {
  if (config.natsUrl !== undefined) throw new Error('not yet')
  return openMemoryBus(parts)
}

/** Whoever asks before the services can answer is told so at once, and not left in a queue. */
function openMemoryBus(parts: { clock: Clock; log: Log }): OpenedBus {
  const bus = createMemoryBus(parts)
  bus.setState('down')
  return {
    bus,
    announce: () => bus.setState('up'),
    whenUp: async () => {},
    health: () => ({ state: 'ready' }),
  }
}

/** Resolves when messages can be sent, or the signal aborts. */
export function whenUp(bus: Bus, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (bus.state === 'up' || signal.aborted) return resolve()
    const subscription = bus.onState((state) => {
      if (state === 'up') settle()
    })
    const settle = () => {
      subscription.close()
      signal.removeEventListener('abort', settle)
      resolve()
    }
    signal.addEventListener('abort', settle, { once: true })
  })
}
