/** Every bound of the live edge, with its unit. Tests override single ones; docs/live.md tells clients. */
export const liveLimits = {
  /** Sockets of this process. Each costs about 8 KiB while idle. */
  socketsMax: 20_000,
  /** A school or a bar shares one address; behind a proxy everybody does, so raise it there. */
  socketsPerAddressMax: 2_000,
  /** From the upgrade to the end of `connect`. */
  connectTimeoutMs: 5_000,
  tokenLengthMax: 4_096,
  /** Whether sessions and keys are still good is asked this often, should the word of their end get lost. */
  credentialCheckMs: 60_000,
  /** A socket outlives its token by so much: its client renews meanwhile, and says so or comes back. */
  expiredGraceMs: 25_000,

  /** One WebSocket message from a client. */
  frameBytesMax: 16 * 1024,
  fragmentsMax: 32,
  /** Pieces in which the bytes of one frame may trickle in, before they are put together. */
  bufferedChunksMax: 256,
  /** Everything that a client sends counts: commands, pongs, control frames. Above the burst: too-many-requests. */
  messagesPerSecondMax: 20,
  messagesBurstMax: 40,
  publishesPerSecondMax: 10,
  publishesBurstMax: 10,
  /** Commands that may wait until `connect` is answered. */
  waitingCommandsMax: 64,
  subscriptionsPerSocketMax: 16,
  channelNameLengthMax: 255,

  /** Bytes that a client has not read yet; beyond that it is disconnected rather than let grow. */
  waitingBytesMax: 1024 * 1024,
  /** How long a close handshake may take before the socket is destroyed. */
  closeTimeoutMs: 2_000,
  /** Whole seconds: clients are told. With a client's own 1 s of grace a lost connection is noticed within 4 s. */
  pingIntervalMs: 3_000,
  missedPongsMax: 3,
  tickMs: 250,

  /** Recent publications of a channel, for those who reconnect. */
  ringPublicationsMax: 256,
  ringLengthMax: 256 * 1024,
  /** Rings and snapshots of all channels, in characters. */
  historyLengthMax: 64 * 1024 * 1024,
  channelsMax: 10_000,
  /** A channel that nobody wants any more listens to the bus, and keeps its ring, this much longer. */
  channelIdleMs: 10_000,
  /** Events that came before their predecessors, of one channel; the others are read from the service. */
  earlyEventsMax: 256,
  /** A kept snapshot is used as long as at most this many publications have followed it. */
  snapshotTailMax: 64,
  snapshotAttemptsMax: 3,
  /** Who may listen can change while it is being asked for; so often it is asked anew. */
  accessAttemptsMax: 3,
  /** Callers that are asked for at the same time, of one channel. */
  accessChecksAtOnceMax: 8,
  /** Whoever is in by what he is elsewhere (a member, say) is asked for this often, plus up to a quarter. */
  accessCheckMs: 60_000,
  /** Events that wait until it is known who may still hear them; beyond that everybody subscribes anew. */
  heldEventsMax: 256,
  requestTimeoutMs: 3_000,
  /** A subscriber may know a version before its event arrives; when it never does, it is read from the service. */
  aheadMs: 5_000,

  /** Events that come in another order: the missing ones may be just behind. */
  gapPatienceMs: 30,
  /** Every channel is compared with its service this often, plus or minus a quarter: messages get lost silently. */
  positionCheckMs: 35_000,
  /** After the bus was away each channel is compared, spread over this time, or less when there are few. */
  resyncSpreadMs: 3_000,
  resyncsPerSecondMin: 200,
  /** Channels that are compared at the same time. */
  resyncsAtOnceMax: 16,
  /** When a comparison fails: again after this time to twice as long. */
  resyncRetryMs: 1_000,
  /** Pages of the service's log that are read to close a gap; when there are more, a snapshot is cheaper. */
  logPagesMax: 3,
  logPageMax: 100,
  /** Whoever recovers makes the ring reach back a little further than himself, for others are close behind. */
  pastMarginMax: 32,
  /** A replica may lag behind the events: the log is read so often, after a wait that doubles. */
  catchUpAttemptsMax: 5,
  catchUpWaitMs: 50,

  fleetingDelayMs: 40,
  fleetingKeysMax: 512,
  /** Publications written together, in characters; a longer turn becomes several frames. */
  coalescedLengthMax: 64 * 1024,

  /** Shutdown: sockets are told to come back at this rate, and in any case within `drainMs`. */
  drainClosesPerSecond: 300,
  drainMs: 3_000,
} as const

export type LiveLimits = { readonly [Name in keyof typeof liveLimits]: number }
