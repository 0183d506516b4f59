import { accessTokenLimits } from '@matchday/kernel'

/** Bounds of what the edge knows about sessions, each with its unit. */
export const sessionLimits = {
  /** What ended is kept until every token that was given before is over. */
  endedKeptMs: (accessTokenLimits.lifetimeS + accessTokenLimits.clockToleranceS) * 1_000,
  /** Accounts and sessions that ended, of one realm: far more than end in ten minutes. Each costs about 150 bytes. */
  endedMax: 200_000,
  /** All that ended lately is asked for this often: an event that got lost is late by so much. */
  endedPollMs: 5_000,
  /** Pages of it that are read at once. */
  endedPagesMax: 1_000,
  keysPollMs: 60_000,
  /** A key that nobody knows makes the edge ask again, but not more often than this. */
  unknownKeyMs: 1_000,
  /** Before it has worked once it is tried again after this time; then at the pace above. */
  retryMs: 500,
  /** What can't be asked for is told only after so long: as long as a start, or a restart, may take. */
  patienceMs: 15_000,
  askTimeoutMs: 3_000,
  /** An organisation's key is asked for again after this long, should the event of its end get lost. */
  keyKeptMs: 30_000,
  keysKeptMax: 10_000,
  /** A key that has ended is remembered for longer than an answer that still calls it good can be on its way. */
  endedKeysKeptMs: 60_000,
  endedKeysMax: 10_000,
} as const
/** The same bounds with other numbers: smaller ones make tests quick. */
export type SessionLimits = { readonly [Name in keyof typeof sessionLimits]: number }

/** Guesses at keys, in a minute. */
export const keyMissBounds = { perAddress: 30, total: 600 } as const
