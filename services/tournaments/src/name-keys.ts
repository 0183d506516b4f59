import { createHmac } from 'node:crypto'
import type { TournamentsConfig } from './config.ts'

/**
 * Keys of names under a secret: 256 bits that say whether two names in one tournament are the same. Without the secret
 * nobody can try out names against them, and in each tournament a name has another one.
 */
export function createNameKeys(secret: Uint8Array): TournamentsConfig['nameKeyOf'] {
  return (id, wholeName) => createHmac('sha256', secret).update(`${id}\n${wholeName}`).digest('hex')
}
