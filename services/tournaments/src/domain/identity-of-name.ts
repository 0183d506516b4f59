import { nameKey } from '@matchday/contracts'

/**
 * Code points. Some characters are written out as up to 18 others; an index of the database holds 2,704
 * bytes.
 */
const identityLengthMax = 200

/**
 * What makes two names the same, short enough to be claimed: names of ordinary characters are never cut, for
 * they have at most 100.
 */
export function identityOf(name: string): string {
  const key = nameKey(name)
  return key.length <= identityLengthMax ? key : [...key].slice(0, identityLengthMax).join('')
}
