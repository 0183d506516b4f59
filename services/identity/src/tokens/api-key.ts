import { createHash } from 'node:crypto'
import type { DerivedKeys } from './derived-keys.ts'

const prefix = 'mdk_'
/** Enough to tell keys of an organisation from each other, and nothing to begin a guess with. */
const startLength = 12

/**
 * `mdk_` and 64 characters: the id's 128 bits, and 256 bits derived from it. So a key that got lost on its way can be
 * told once more to who made it, though only its hash is kept. The prefix is for those who look for leaked secrets.
 */
export function makeApiKey(keys: DerivedKeys, keyId: string): string {
  const id = Buffer.from(keyId.replaceAll('-', ''), 'hex')
  return prefix + Buffer.concat([id, keys.mac('api-key', keyId)]).toString('base64url')
}

export function startOfKey(key: string): string {
  return key.slice(0, startLength)
}

/** In lower-case hexadecimal, as the edge asks with it. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
