import { fromHex, toHex } from '../hashing/hex.ts'
import { sha256 } from '../hashing/sha256.ts'
import { isHex32 } from './draw-input.ts'

/**
 * What is published before the first pick: the SHA-256 of the seed's 32 bytes, in hexadecimal. It hides the
 * seed and lets everybody see later that it was not exchanged. Throws a RangeError if the seed is not 64
 * lower-case hexadecimal digits.
 */
export function commitmentOf(seed: string): string {
  if (!isHex32(seed)) throw new RangeError('seed')
  return toHex(sha256(fromHex(seed)))
}
