import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/port.ts'
import type { ExecutorLimits } from './executor-limits.ts'
import type { Lanes } from './lanes.ts'
import type { PendingCommand } from './pending-command.ts'
import type { PrepareMeans } from './prepare-command.ts'
import type { StreamState, StreamStates } from './stream-states.ts'

/** What the steps of the executor work with. */
export type ExecutorParts = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly limits: ExecutorLimits
  readonly states: StreamStates
  readonly lanes: Lanes
  readonly means: PrepareMeans
  /** Prepares a command and puts it into the lane of its stream. */
  prepare(command: PendingCommand): void
  /** After a commit with events. `state` is null when others came between, so that it isn't known. */
  onCommitted(versionBefore: number, state: StreamState | null): void
}
