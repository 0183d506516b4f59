import type { PartHealth } from '@matchday/kernel'

export type Health = { readonly ready: boolean; readonly parts: readonly PartHealth[] }

/** A process can do its work when each of its parts can. */
export function healthOf(parts: readonly PartHealth[]): Health {
  return { ready: parts.every(({ state }) => state === 'ready'), parts }
}
