import { type Clock, systemClock } from '../../clock.ts'
import type { Leases } from '../port.ts'

/** Leases as the database keeps them, for tests that have none. */
export function leasesInMemory(clock: Clock = systemClock): Leases {
  const held = new Map<string, { holder: string; expiresAtMs: number }>()
  const current = (name: string) => {
    const lease = held.get(name)
    return lease !== undefined && lease.expiresAtMs > clock.monotonicMs() ? lease : null
  }
  return {
    look: async (name) => {
      const lease = current(name)
      return lease && { holder: lease.holder, leftMs: lease.expiresAtMs - clock.monotonicMs() }
    },
    take: async (name, holder, expiresMs) => {
      const lease = current(name)
      if (lease !== null && lease.holder !== holder) return false
      held.set(name, { holder, expiresAtMs: clock.monotonicMs() + expiresMs })
      return true
    },
    release: async (name, holder) => {
      if (held.get(name)?.holder === holder) held.delete(name)
    },
  }
}
