import { storeLimits } from '../store/port.ts'

export const executorLimits = {
  /** Commands accepted and not yet answered; beyond that a caller is told at once. */
  commandsMax: 10_000,
  /** One is decided while the other is being written. */
  commitsInFlightMax: 2,
  /**
   * While a commit is in flight the next one begins when so many commands wait, or when that one has taken so long:
   * what waits a moment shares the cost of a commit, which is ten times that of a command in it.
   */
  overlapCommandsMin: 64,
  overlapAfterMs: 10,
  streamsPerCommitMax: storeLimits.appendsPerCommitMax,
  commandsPerStreamMax: 256,
  /** States kept in memory; the tournaments that are played at one time. */
  cachedStreamsMax: 2_000,
  /** Decisions in vain for one command before it is given up (retryable). */
  conflictsMax: 20,
  conflictDelayMsMax: 50,
  /** Between two tries while the database can't be reached. */
  outageDelayMsMin: 20,
  outageDelayMsMax: 500,
  snapshotsWaitingMax: 256,
  readsPerLookMax: 256,
  readsWaitingMax: 10_000,
} as const
export type ExecutorLimits = { readonly [Name in keyof typeof executorLimits]: number }
