declare const brand: unique symbol

/** A UUIDv7 that says of what kind of thing it is the id, so that a player's id can't be passed as a tournament's. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind }
export type TournamentId = Id<'tournament'>
export type PlayerId = Id<'player'>
export type OrganizationId = Id<'organization'>
/** An account in the realm of organisers' people … */
export type StaffId = Id<'staff'>
/** … and one in the realm of players. */
export type PlayerAccountId = Id<'player-account'>
export type SessionId = Id<'session'>
export type ApiKeyId = Id<'api-key'>
export type InvitationId = Id<'invitation'>
export type ContactId = Id<'contact'>
export type IncidentId = Id<'incident'>
export type CommentId = Id<'comment'>
export type ChangeId = Id<'change'>

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export function isId(text: unknown): text is Id<string> {
  return typeof text === 'string' && idPattern.test(text)
}

/** Random bytes are fetched for many ids at once, because each fetch costs more than the rest of an id. */
const idsPerFetch = 128
const randomPerId = 8
let random = new Uint8Array(0)
let randomUsed = 0

/** How many ids were made for a millisecond, for the last ones: an id's time may be that of a decision a while ago. */
const rememberedMs = 64
const msOfSlot = new Float64Array(rememberedMs).fill(-1)
const madeInSlot = new Uint16Array(rememberedMs)

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const hex = (byte: number) => hexOfByte[byte & 0xff]!

/**
 * A new UUIDv7 (RFC 9562): 48 bits of time in milliseconds, 12 bits that count, 62 random bits. The ids of a process
 * are in the order in which they were made within a millisecond too (§6.2, method 1), as long as it makes no more than
 * 4,096 in one: lists that are ordered by ids are in the order in which things came.
 * `crypto.randomUUID` is missing on plain-http pages (a laptop on a LAN), `getRandomValues` is not.
 */
export function newId<Kind extends string>(nowMs: number = Date.now()): Id<Kind> {
  if (randomUsed + randomPerId > random.length) {
    random = crypto.getRandomValues(new Uint8Array(idsPerFetch * randomPerId))
    randomUsed = 0
  }
  const from = randomUsed
  randomUsed += randomPerId
  const byte = (index: number) => random[from + index]!
  const count = countedIn(nowMs)
  const high = Math.floor(nowMs / 2 ** 32)
  const low = nowMs % 2 ** 32
  const time = `${hex(high >>> 8)}${hex(high)}${hex(low >>> 24)}${hex(low >>> 16)}-${hex(low >>> 8)}${hex(low)}`
  const version = `${hex(((count >>> 8) & 0x0f) | 0x70)}${hex(count)}`
  const variant = `${hex((byte(0) & 0x3f) | 0x80)}${hex(byte(1))}`
  const rest = hex(byte(2)) + hex(byte(3)) + hex(byte(4)) + hex(byte(5)) + hex(byte(6)) + hex(byte(7))
  // The one place where a checked shape becomes a brand.
  return `${time}-${version}-${variant}-${rest}` as Id<Kind>
}

/** How many ids were made for this millisecond before. */
function countedIn(nowMs: number): number {
  const slot = nowMs % rememberedMs
  if (msOfSlot[slot] !== nowMs) {
    msOfSlot[slot] = nowMs
    madeInSlot[slot] = 0
  }
  const before = madeInSlot[slot]!
  madeInSlot[slot] = before + 1
  return before
}

/** Join codes leave out 0/O, 1/I/L (misread from a wall) and vowels (no words): 28^6 is about 482 million codes. */
export const joinCodeAlphabet = '23456789BCDFGHJKMNPQRSTVWXYZ'
export const joinCodeLength = 6

/** What a person typed, as the code that was meant: case, spaces and dashes don't matter. */
export function normalizeJoinCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '')
}
