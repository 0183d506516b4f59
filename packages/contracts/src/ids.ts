declare const brand: unique symbol

/** A UUIDv7 that says of what kind of thing it is the id, so that a player's id can't be passed as a tournament's. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind }
export type TournamentId = Id<'tournament'>
export type PlayerId = Id<'player'>

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export function isId(text: unknown): text is Id<string> {
  return typeof text === 'string' && idPattern.test(text)
}

/**
 * A new UUIDv7 (RFC 9562): 48 bits of time in milliseconds, 74 random bits.
 * `crypto.randomUUID` is missing on plain-http pages (a laptop on a LAN), `getRandomValues` is not.
 */
export function newId<Kind extends string>(nowMs: number = Date.now()): Id<Kind> {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(nowMs / 2 ** (8 * (5 - index))) & 0xff
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  // The one place where a checked shape becomes a brand.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id<Kind>
}

/** Join codes leave out 0/O, 1/I/L (misread from a wall) and vowels (no words): 28^6 is about 482 million codes. */
export const joinCodeAlphabet = '23456789BCDFGHJKMNPQRSTVWXYZ'
export const joinCodeLength = 6

/** What a person typed, as the code that was meant: case, spaces and dashes don't matter. */
export function normalizeJoinCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '')
}
