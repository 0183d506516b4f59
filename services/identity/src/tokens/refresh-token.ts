import { createHash } from 'node:crypto'
import { isId, type SessionId } from '@matchday/contracts'
import { areEqual, type DerivedKeys } from './derived-keys.ts'

/**
 * `<session>.<rotation>.<256 bits>`. The bits are derived from what stands before them, so that a successor that was
 * lost on its way can be told once more; the database has its hash alone. With the rotation in it, a token of any
 * earlier rotation can be told from one that never was.
 */
export type RefreshToken = { readonly sessionId: SessionId; readonly rotation: number; readonly text: string }

const shape = /^([0-9a-f-]{36})\.(0|[1-9][0-9]{0,8})\.[A-Za-z0-9_-]{43}$/

export function makeRefreshToken(keys: DerivedKeys, sessionId: string, rotation: number): string {
  const bits = keys.mac('refresh', sessionId, String(rotation)).toString('base64url')
  return `${sessionId}.${rotation}.${bits}`
}

/** What a token says it is, and whether it was ever given. */
export function readRefreshToken(
  keys: DerivedKeys,
  text: string,
): (RefreshToken & { readonly isGenuine: boolean }) | null {
  const [, sessionId, rotationText] = shape.exec(text) ?? []
  if (sessionId === undefined || rotationText === undefined || !isId(sessionId)) return null
  const rotation = Number(rotationText)
  const isGenuine = areEqual(Buffer.from(makeRefreshToken(keys, sessionId, rotation)), Buffer.from(text))
  // Checked by isId; that it is a session's says the place where it stands.
  return { sessionId: sessionId as SessionId, rotation, text, isGenuine }
}

/** What the database has of a token. 256 random bits need no salt. */
export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
