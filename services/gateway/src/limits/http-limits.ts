/**
 * Bounds of the HTTP edge. Every one is a promise to the machine it runs on; change them with a measurement.
 */
export const httpLimits = {
  /** The largest honest body, 256 team names of 60 letters, fits four times. */
  bodyBytesMax: 64 * 1024,
  /**
   * Request line and headers together: tokens are below 1 KiB, so this leaves room for proxies' additions.
   */
  headerBytesMax: 16 * 1024,
  /** From the first byte to the end of the headers. */
  headersTimeoutMs: 10_000,
  /** From the first byte to the end of the body. A phone in a basement sends 64 KiB within it. */
  requestTimeoutMs: 15_000,
  /** How often the two above are looked at: the time-outs are late by at most this. */
  timeoutCheckMs: 1_000,
  /**
   * An idle connection stays open longer than common proxies keep theirs (60 s), so that they close first.
   */
  keepAliveTimeoutMs: 65_000,
  /** A connection on which nothing at all moves, such as a client that never reads its answer. */
  silentSocketMs: 120_000,
  /** Connections at a time, sockets of the live edge included: 20 KiB each are 240 MiB. */
  connectionsMax: 12_000,
  /** The deadline that travels with a request; after it nobody waits for the answer. */
  answerTimeoutMs: 10_000,
  /** A stop begins to cut idle connections when nothing has arrived for this long … */
  quietMs: 50,
  /** … or, under load that never ends, after this long. */
  quietWaitMs: 1_000,
  /** Requests in flight at close may take this long, then their connections are cut. */
  closeGraceMs: 8_000,
  /** How often connections that fell idle while closing are looked for. */
  closeSweepMs: 50,
  /** Problems of one request that are told; a body can't hold an answer larger than itself. */
  fieldProblemsMax: 100,
  /** Ids that clients choose: request ids and idempotency keys. */
  idLengthMax: 255,
  /** Path parameters, in characters. */
  pathParameterLengthMax: 100,
  /** What `Retry-After` says for faults that pass by themselves. */
  retryAfterS: 1,
  /** How long a browser may remember a preflight answer. */
  preflightAgeS: 600,
} as const

/** Bounds of what is counted by address. */
export const budgetLimits = {
  /** Addresses remembered for one limit; the one seen longest ago is forgotten first. */
  addressesMax: 10_000,
} as const

/** Bounds of the miss limiter (guessing of join codes and keys). */
export const missLimits = {
  /** Guesses under way at once: how far a burst can overdraw, which is then paid back at the normal rate. */
  inFlightPerAddressMax: 64,
  inFlightMax: 512,
} as const

/** How gateways tell each other what is used up. */
export const sharingLimits = {
  /** What was used is told together, after so long … */
  tellMs: 100,
  /** … or at the end of the turn, when it is this part of a limit: so far others may be behind. */
  tellAtPart: 1 / 50,
  /** Addresses in one message. */
  entriesMax: 500,
  /** An address, as it is counted. */
  addressLengthMax: 64,
} as const
