/** Bounds of the broker's adapter; those of the queues are `queueLimits`. */
export const natsLimits = {
  /** A connection that takes longer than this to be made is tried anew. */
  connectMs: 3_000,
  /** Between two attempts to connect, plus up to as much again at random, so that not all come at once. */
  reconnectMs: 150,
  /** A connection that answers no ping for this long, twice, is taken to be dead. */
  pingIntervalMs: 2_000,
  pingsUnansweredMax: 2,
  /** What the broker has not acknowledged by then is told to be `unavailable`: it may have been taken or not. */
  acknowledgeMs: 2_000,
  /** Questions about streams and dead letters. */
  askMs: 3_000,
  /** Publications that wait for the broker at once; one more is `overloaded`. */
  unacknowledgedMax: 16_384,
  /** How late a wait may be noticed to be over. */
  expiryTickMs: 50,
  /** Streams that could not be looked at are looked at again after this long, plus up to as much at random. */
  ensureRetryMs: 300,
  /** A pull is good for this long; then it is renewed. */
  pullMs: 10_000,
  /** A consumer with credits that hears nothing for this long asks what is wrong. */
  stallMs: 3_000,
  /** A queue in memory that holds work and gives none of it, though it is asked anew, is made anew after this long. */
  stuckMs: 8_000,
  /** All pulls of a consumer are made anew this often: one that the broker lost among others is found by nothing else. */
  renewMs: 60_000,
  /** What is on its way when pulls are ended comes within this time, or comes again. */
  drainMs: 500,
  /** Pulls of one queue that wait at the broker, over all instances. */
  pullsWaitingMax: 8_192,
  /** How often consumers are looked at. */
  watchMs: 500,
  /** What is left behind in queues is looked for this often, and so many of it are taken at once. */
  sweepMs: 30_000,
  sweepMessagesMax: 200,
  /** Only what has been there for this long can have been left behind: an ack takes a moment to have its effect. */
  leftBehindMs: 5_000,
  /** Events of one stream in one message; a larger event travels alone. */
  eventMessageBytesMax: 128 * 1024,
  /** An envelope as large as is usual at most: `waitingMax` of them are the bytes that a queue may hold. */
  usualEnvelopeBytes: 16 * 1024,
  /** What a message has beside its envelope: the id, and what the broker adds. */
  headerBytesMax: 4 * 1024,
  /** Older work than this nobody waits for: longer than any deadline, and than five deliveries of 30 s each. */
  queueAgeMaxMs: 300_000,
  /** Events are in the database, where readers that were away find them; the stream only tells that it was given them. */
  eventsAgeMaxMs: 60_000,
  eventsBytesMax: 16 * 1024 * 1024,
  /** Time enough for a person to look. */
  deadAgeMaxMs: 30 * 24 * 3_600_000,
  deadBytesMax: 128 * 1024 * 1024,
  /** Deliveries of one queue that are in work at once, over all instances. */
  inWorkMax: 20_000,
} as const
export type NatsLimits = { readonly [Name in keyof typeof natsLimits]: number }
