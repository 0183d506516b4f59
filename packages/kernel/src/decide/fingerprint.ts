import { createHmac, createSecretKey, hash } from 'node:crypto'
import type { RequestItem } from '../message.ts'
import type { AnyOperation } from '../service/definition.ts'

/** Throws when the operation is private and there is no key: what would be kept then must not be kept. */
export type Fingerprints = (operation: AnyOperation, item: RequestItem) => string

const hexDigits = 32

/**
 * 128 bits of a hash of what was asked for: the same id must mean the same. The input of a private operation holds
 * passwords and names, which are guessed quickly by whoever has a plain hash of them; so its hash needs a key, which
 * is the same for all instances and is not in the database.
 */
export function createFingerprints(key: Uint8Array | undefined): Fingerprints {
  const secret = key === undefined ? undefined : createSecretKey(key)
  return (operation, item) => {
    const asked = JSON.stringify([item.operation, item.input, item.expectedVersion ?? null])
    if (operation.private !== true) return hash('sha256', asked, 'hex').slice(0, hexDigits)
    if (secret === undefined) throw new Error(`${item.operation} is private, and there is no fingerprintKey`)
    return createHmac('sha256', secret).update(asked).digest('hex').slice(0, hexDigits)
  }
}
