import type { Connections } from './database.ts'
import { type HeldClaim, storeLimits } from './port.ts'

const holderStatement = { name: 'holder', text: 'select stream from claims where key = $1' }

export async function holderOf(connections: Connections, claim: string): Promise<string | null> {
  return (await connections.query<{ stream: string }>(holderStatement, [claim]))[0]?.stream ?? null
}

/**
 * A range of the primary key, whose order is that of bytes: no pattern, so nothing in a prefix has a meaning of its
 * own. (`greatest` passes over null; both of its sides must be compared as the key is.)
 */
const fromStatement = {
  name: 'claims_from',
  text: /* sql */ `
    select key, stream from claims
    where key >= greatest($1::text collate "C", $2::text collate "C") and key is distinct from $2
    order by key limit $3`,
}
export const claimsBetweenStatement = {
  name: 'claims_between',
  text: /* sql */ `
    select key, stream from claims
    where key >= greatest($1::text collate "C", $2::text collate "C") and key is distinct from $2 and key < $4
    order by key limit $3`,
}

export async function claimsWith(
  connections: Connections,
  prefix: string,
  after: string | null,
  limit: number,
): Promise<readonly HeldClaim[]> {
  const end = endOfPrefix(prefix)
  const values = [prefix, after, Math.min(limit, storeLimits.readBatchMax)]
  return end === null
    ? connections.query<HeldClaim>(fromStatement, values)
    : connections.query<HeldClaim>(claimsBetweenStatement, [...values, end])
}

const lastCodePoint = 0x10ffff
const surrogates = { first: 0xd800, last: 0xdfff } as const

/**
 * The first text, in the order of bytes, that comes after all that begin with a prefix: UTF-8 keeps the order of code
 * points, so it is the prefix with its last one raised. Null: nothing comes after them.
 */
export function endOfPrefix(prefix: string): string | null {
  const codePoints = [...prefix].map((character) => character.codePointAt(0)!)
  while (codePoints.at(-1) === lastCodePoint) codePoints.pop()
  const last = codePoints.pop()
  if (last === undefined) return null
  // Surrogates are no characters: no text of the database has one.
  const next = last + 1 === surrogates.first ? surrogates.last + 1 : last + 1
  return String.fromCodePoint(...codePoints, next)
}
