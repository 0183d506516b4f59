import type { Queue } from '@matchday/kernel'
import type { PushKind } from './push-bus.ts'

export const queue: Queue = { service: 'bench', lane: 'commands' }

/** How requests come to instances. `workAheadMs`: left out, what services have; infinite, as much as there is room. */
export type Variant =
  | { readonly how: 'pull'; readonly workAheadMs?: number }
  | { readonly how: 'push'; readonly kind: PushKind }

export const variants = {
  'pull, as services do': { how: 'pull' },
  'pull, 64 at once': { how: 'pull', workAheadMs: Number.POSITIVE_INFINITY },
  'push, in turn': { how: 'push', kind: 'in turn' },
  'push, NATS queue group': { how: 'push', kind: 'queue group' },
} as const satisfies Readonly<Record<string, Variant>>
export type VariantName = keyof typeof variants
