export const rowLimits = {
  /** Commands accepted and not yet answered; beyond that a caller is told at once. */
  commandsMax: 10_000,
  /** Transactions of one command that lost against others (deadlocks), before it is given up (retryable). */
  racesMax: 8,
  raceDelayMsMax: 50,
  /** Between two tries while the database can't be reached. */
  outageDelayMsMin: 20,
  outageDelayMsMax: 500,
} as const
export type RowLimits = { readonly [Name in keyof typeof rowLimits]: number }
