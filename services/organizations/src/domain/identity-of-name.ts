import { nameKey } from '@matchday/contracts'

/**
 * Code points. Some characters are written out as up to 18 others; an index of the database holds 2,704 bytes. Names
 * of ordinary characters are never cut, for they have at most as many.
 */
const identityLengthMax = 200

/** What makes two names of organisations the same. */
export function identityOf(name: string): string {
  return [...nameKey(name)].slice(0, identityLengthMax).join('')
}
