import { identityLimits } from '@matchday/contracts'

export type RenewedSession = {
  readonly rotation: number
  readonly rotatedAt: Date
  readonly expiresAt: Date
}
export type PresentedToken = {
  readonly rotation: number
  /** Made by us for this session and rotation. */
  readonly isGenuine: boolean
  /** It is the one whose hash is kept. */
  readonly isLatest: boolean
}

/**
 * What a refresh token is good for.
 * - `rotate`: it is the latest; it has a successor from now on.
 * - `repeat`: its successor was told a moment ago, to another tab or into a lost connection; the same one again.
 * - `reuse`: it was renewed long ago. Two have it, and one of them is a thief: the session ends.
 * - `refuse`: it is nothing.
 */
export function renewal(
  session: RenewedSession,
  token: PresentedToken,
  now: Date,
): 'rotate' | 'repeat' | 'reuse' | 'refuse' {
  if (session.expiresAt <= now) return 'refuse'
  if (token.isLatest) return 'rotate'
  if (!token.isGenuine || token.rotation >= session.rotation) return 'refuse'
  const isPredecessor = token.rotation === session.rotation - 1
  const sinceMs = now.getTime() - session.rotatedAt.getTime()
  return isPredecessor && sinceMs <= identityLimits.renewalGraceMs ? 'repeat' : 'reuse'
}
