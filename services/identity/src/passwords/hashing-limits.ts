/** How passwords are hashed: argon2id, at least as dear as OWASP asks for. */
export const hashingLimits = {
  memoryKib: 19_456,
  passes: 2,
  lanes: 1,
  /** At once: as many as Node has threads for such work. Each takes `memoryKib`. */
  hashesAtOnceMax: 4,
  /** What waits for longer than this many hashes is better told to come again: about 0.2 s. */
  hashesWaitingMax: 50,
  /** For whoever is told that. */
  retryAfterS: 2,
} as const satisfies Record<string, number>

export type HashingLimits = { readonly [Name in keyof typeof hashingLimits]: number }
