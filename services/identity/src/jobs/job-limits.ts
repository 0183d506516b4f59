export const jobLimits = {
  mailEveryMs: 5_000,
  /** Mails in one go. Each is one exchange with the mail server. */
  mailsAtOnceMax: 20,
  /** Whoever sends a mail has it for so long; then it may be tried by another. */
  mailLeaseMs: 2 * 60_000,
  tidyEveryMs: 60_000,
  /** Rows of each table in one go. */
  rowsPerTableMax: 1_000,
  keysEveryMs: 5 * 60_000,
  firstAccountEveryMs: 60_000,
} as const
