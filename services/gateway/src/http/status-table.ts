import type { ErrorCode } from '@matchday/contracts'

/**
 * The HTTP status of every code. A rule that says no is a conflict with the state of things (409), unless the request
 * itself was wrong, or it is about who somebody is (401) or what he may (403). docs/errors.md lists the same (a test
 * compares).
 */
export const statusTable = {
  'unreadable-request': 400,
  'not-authenticated': 401,
  'pass-moved': 401,
  'session-ended': 401,
  'wrong-credentials': 401,
  'not-allowed': 403,
  'not-a-player': 403,
  'waiting-for-approval': 403,
  // 401 would say that the session is not good.
  'wrong-password': 403,
  'sign-in-failed': 403,
  'registration-closed': 403,
  'not-approved': 403,
  'organization-blocked': 403,
  'preview-needed': 403,
  'not-junior': 403,
  'not-author': 403,
  'cross-origin': 403,
  'insecure-connection': 403,
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
  'already-decided': 409,
  'already-claimed': 409,
  'seat-linked': 409,
  'already-member': 409,
  'last-owner': 409,
  'limit-reached': 409,
  'link-expired': 410,
  'stale-version': 412,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'confirmation-mismatch': 422,
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
