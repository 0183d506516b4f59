import type { ErrorCode } from '@matchday/contracts'

/**
 * The HTTP status of every code. A rule that says no is a conflict with the tournament's state (409), unless
 * the request itself was wrong. docs/errors.md lists the same (a test compares).
 */
export const statusTable = {
  'unreadable-request': 400,
  'not-authenticated': 401,
  'pass-moved': 401,
  'not-allowed': 403,
  'not-a-player': 403,
  'not-found': 404,
  'unknown-route': 404,
  'method-not-allowed': 405,
  'request-too-slow': 408,
  'name-taken': 409,
  'joining-closed': 409,
  'player-exists': 409,
  'tournament-full': 409,
  'unknown-team': 409,
  'already-picked': 409,
  'team-taken': 409,
  'not-full': 409,
  'not-all-picked': 409,
  'draw-impossible': 409,
  'already-drawn': 409,
  'not-drawn': 409,
  'tournament-archived': 409,
  'stale-version': 412,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'invalid-input': 422,
  'request-id-reused': 422,
  'version-required': 428,
  'too-many-requests': 429,
  internal: 500,
  overloaded: 503,
  unavailable: 503,
  'timed-out': 504,
} as const satisfies Record<ErrorCode, number>

/** Codes that pass by themselves: their answers carry `Retry-After`. */
export const retryableCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'too-many-requests',
  'overloaded',
  'unavailable',
  'timed-out',
])

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(statusTable, code)
}
