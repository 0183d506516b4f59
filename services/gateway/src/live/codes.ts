import type { ErrorCode } from '@matchday/contracts'

/**
 * Why a socket is closed. Clients reconnect after 3000–3499 and 4000–4499, and don't after 3500–3999 and 4500–4999.
 * Below 4000 the numbers are those of the Centrifuge protocol. docs/live.md lists them (a test keeps both equal).
 */
export const disconnects = {
  shutdown: { code: 3001, reason: 'shutdown' },
  internal: { code: 3004, reason: 'internal server error' },
  /** The client renews its token, and comes back with it. */
  expired: { code: 3005, reason: 'expired' },
  slow: { code: 3008, reason: 'slow' },
  'no-pong': { code: 3012, reason: 'no pong' },
  'too-many-requests': { code: 3013, reason: 'too many requests' },
  'invalid-token': { code: 3500, reason: 'invalid token' },
  'bad-request': { code: 3501, reason: 'bad request' },
  stale: { code: 3502, reason: 'stale' },
  'not-available': { code: 3508, reason: 'not available' },
  'not-a-player': { code: 4501, reason: 'not-a-player' },
  'pass-moved': { code: 4502, reason: 'pass-moved' },
  'session-ended': { code: 4503, reason: 'session-ended' },
  'insecure-connection': { code: 4504, reason: 'insecure-connection' },
} as const
export type DisconnectName = keyof typeof disconnects

/** Of those who tried what they may not, or what no client of ours does. */
export const refusals: ReadonlySet<DisconnectName> = new Set<DisconnectName>([
  'invalid-token',
  'bad-request',
  'insecure-connection',
  'too-many-requests',
])

/** Errors in replies; `temporary` tells the client's library to try again by itself. */
export const replyErrors = {
  internal: { code: 100, text: 'internal', temporary: true },
  'unknown-channel': { code: 102, text: 'not-found', temporary: false },
  'permission-denied': { code: 103, text: 'not-allowed', temporary: false },
  'unknown-method': { code: 104, text: 'unknown-method', temporary: false },
  'already-subscribed': { code: 105, text: 'already-subscribed', temporary: false },
  'limit-exceeded': { code: 106, text: 'limit-exceeded', temporary: false },
  'bad-request': { code: 107, text: 'invalid-input', temporary: false },
  'not-available': { code: 108, text: 'not-available', temporary: false },
  /** Clients get a new token, and connect with it. */
  'token-expired': { code: 109, text: 'token-expired', temporary: false },
  'too-many-requests': { code: 111, text: 'too-many-requests', temporary: true },
  'unrecoverable-position': { code: 112, text: 'unrecoverable-position', temporary: false },
  /** From the range that the protocol leaves to applications: a rule of the domain says no. */
  refused: { code: 409, text: 'refused', temporary: false },
} as const
export type ReplyErrorName = keyof typeof replyErrors

/** Sent in an unsubscribe push. From 2500 on the client subscribes again by itself. */
export const unsubscribes = {
  'not-allowed': { code: 2403, reason: 'not-allowed' },
  'insufficient-state': { code: 2500, reason: 'insufficient state' },
} as const

/** What a service answers, as an error of the protocol. The message stays our code, so that clients can tell. */
export const errorOfCode: Record<ErrorCode, ReplyErrorName> = {
  'invalid-input': 'bad-request',
  'not-found': 'unknown-channel',
  'not-allowed': 'permission-denied',
  'not-a-player': 'permission-denied',
  'pass-moved': 'permission-denied',
  'name-taken': 'refused',
  'stale-version': 'refused',
  'joining-closed': 'refused',
  'player-exists': 'refused',
  'tournament-full': 'refused',
  'unknown-team': 'refused',
  'already-picked': 'refused',
  'team-taken': 'refused',
  'not-full': 'refused',
  'not-all-picked': 'refused',
  'draw-impossible': 'refused',
  'already-drawn': 'refused',
  'not-drawn': 'refused',
  'tournament-archived': 'refused',
  'waiting-for-approval': 'permission-denied',
  'already-decided': 'refused',
  'already-claimed': 'refused',
  'seat-linked': 'refused',
  'wrong-credentials': 'permission-denied',
  'wrong-password': 'permission-denied',
  'session-ended': 'permission-denied',
  'link-expired': 'refused',
  'sign-in-failed': 'permission-denied',
  'registration-closed': 'permission-denied',
  'not-approved': 'permission-denied',
  'organization-blocked': 'permission-denied',
  'preview-needed': 'permission-denied',
  'not-junior': 'permission-denied',
  'not-author': 'permission-denied',
  'already-member': 'refused',
  'last-owner': 'refused',
  'confirmation-mismatch': 'refused',
  'limit-reached': 'refused',
  'unreadable-request': 'bad-request',
  'not-authenticated': 'permission-denied',
  'unknown-route': 'not-available',
  'method-not-allowed': 'not-available',
  'request-too-slow': 'internal',
  'payload-too-large': 'bad-request',
  'unsupported-media-type': 'bad-request',
  'request-id-reused': 'bad-request',
  'version-required': 'bad-request',
  'cross-origin': 'permission-denied',
  'insecure-connection': 'permission-denied',
  'too-many-requests': 'too-many-requests',
  overloaded: 'too-many-requests',
  unavailable: 'internal',
  'timed-out': 'internal',
  internal: 'internal',
}
