import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Realm } from '@matchday/contracts'

const secretBytesMin = 32
const keyBytes = 32

/** What keys are for. Each purpose has a key of its own, so that nothing made for one is good for another. */
const purposes = ['signing-keys', 'refresh', 'link', 'api-key', 'budget', 'oidc'] as const
export type KeyPurpose = (typeof purposes)[number]

export type DerivedKeys = {
  readonly key: (purpose: KeyPurpose) => Uint8Array
  /** HMAC-SHA-256 over the parts, each with its length, so that no two lists of parts look alike. */
  mac(purpose: KeyPurpose, ...parts: readonly string[]): Buffer
}

/** One key for each purpose, derived (HKDF-SHA-256) from the one secret. Realms share nothing. */
export function deriveKeys(secret: string | Uint8Array, realm: Realm): DerivedKeys {
  const bytes = typeof secret === 'string' ? Buffer.from(secret, 'utf8') : secret
  if (bytes.length < secretBytesMin) throw new Error(`the secret must have at least ${secretBytesMin} bytes`)
  const derive = (purpose: KeyPurpose) =>
    new Uint8Array(hkdfSync('sha256', bytes, 'matchday', `identity/${realm}/${purpose}`, keyBytes))
  const keys = new Map(purposes.map((purpose) => [purpose, derive(purpose)]))
  const key = (purpose: KeyPurpose) => keys.get(purpose)!
  return {
    key,
    mac: (purpose, ...parts) => {
      const hmac = createHmac('sha256', key(purpose))
      for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:${part}`)
      return hmac.digest()
    },
  }
}

/** Compares without telling by its time how much is alike. */
export function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
