import { createLifecycle, type Lifecycle, type PartHealth } from '@matchday/kernel'
import type { RoleContext, StartedRole } from './role.ts'
import type { RoleName } from './role-names.ts'
import { roles } from './roles.ts'
import { createWaits, Stopped } from './waits.ts'

export type RunningRole = {
  readonly name: RoleName
  /** Resolves when the role does its work, or the process was told to stop before; rejects with a fault. */
  readonly started: Promise<void>
  health(): readonly PartHealth[]
  /** Begins nothing by itself any more, and goes on answering the others. */
  standBack(): Promise<void>
  stop(): Promise<void>
}

type Shared = Omit<RoleContext, 'waits' | 'lifecycle'>

/** Starts a role; what it waits for, it waits for in the background. */
export function runRole(name: RoleName, shared: Shared, signal: AbortSignal): RunningRole {
  const log = shared.log.child({ role: name })
  const lifecycle: Lifecycle = createLifecycle(log)
  const waits = createWaits({ role: name, signal, log })
  let state: StartedRole | 'starting' = 'starting'

  const started = roles[name].start({ ...shared, log, waits, lifecycle }).then(
    (role) => {
      state = role
    },
    (error: unknown) => {
      if (!(error instanceof Stopped)) throw error
    },
  )
  return {
    name,
    started,
    health: () => {
      const waiting = waits.health()
      const own = state === 'starting' ? starting(name, waiting) : state.health()
      return [...lifecycle.health(), ...own]
    },
    standBack: async () => {
      await started.catch(() => {})
      if (state !== 'starting') await state.standBack?.()
    },
    stop: async () => {
      // What is being started would else be stopped before it is there.
      await started.catch(() => {})
      await lifecycle.stopAll()
    },
  }
}

function starting(name: RoleName, waiting: readonly PartHealth[]): readonly PartHealth[] {
  return waiting.length > 0 ? waiting : [{ name, state: 'starting' }]
}
