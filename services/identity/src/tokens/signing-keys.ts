import { Fault, type Transaction } from '@matchday/kernel'
import {
  CompactEncrypt,
  calculateJwkThumbprint,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  type JWK,
} from 'jose'
import type { DerivedKeys } from './derived-keys.ts'
import type { KeyTimes } from './key-times.ts'

/** An Ed25519 private key with its name, `kid`. */
export type SigningKey = JWK & { readonly kid: string }

/**
 * The keys of access tokens, in the realm's database, so that all instances sign alike. Private halves are encrypted
 * there. Which key signs is read in the transaction that begins or renews the session.
 */
export type SigningKeys = {
  /** The name of the key that signs now; the very first one is made when it is asked for. */
  current(transaction: Transaction, now: Date): Promise<string>
  /** A key that `current` has named before. */
  named(kid: string): SigningKey
  /** Publishes a successor in time, and forgets keys whose tokens are all over. */
  rotate(transaction: Transaction, now: Date): Promise<void>
}

type Row = { readonly kid: string; readonly private_key: string; readonly signs_from: Date }

/** As many as can be in use at once, and a few more. */
const openedMax = 10
const lockStatement = `select pg_advisory_xact_lock(hashtext('identity signing keys'))`
const newestStatement =
  'select kid, private_key, signs_from from signing_keys order by signs_from desc limit 1'
const currentStatement = /* sql */ `
  select kid, private_key, signs_from from signing_keys where signs_from <= $1 order by signs_from desc limit 1`

export function createSigningKeys(keys: DerivedKeys, times: KeyTimes): SigningKeys {
  return new DatabaseKeys(keys.key('signing-keys'), times)
}

class DatabaseKeys implements SigningKeys {
  readonly #wrapping: Uint8Array
  readonly #times: KeyTimes
  readonly #opened = new Map<string, SigningKey>()

  constructor(wrapping: Uint8Array, times: KeyTimes) {
    this.#wrapping = wrapping
    this.#times = times
  }

  async current(transaction: Transaction, now: Date): Promise<string> {
    const [row] = await transaction.query<Row>(currentStatement, [now])
    return row === undefined ? this.#makeFirst(transaction, now) : this.#open(row)
  }

  named(kid: string): SigningKey {
    const key = this.#opened.get(kid)
    if (key === undefined) throw new Error('the key was never the current one')
    return key
  }

  async rotate(transaction: Transaction, now: Date): Promise<void> {
    await transaction.query(lockStatement)
    await transaction.query('delete from signing_keys where published_until <= $1', [now])
    const [newest] = await transaction.query<Row>(newestStatement)
    if (newest === undefined) return void (await this.#insert(transaction, now))
    const { signsS, publishedBeforeS, publishedAfterS } = this.#times
    const isDue = newest.signs_from.getTime() <= now.getTime() - (signsS - publishedBeforeS) * 1_000
    if (!isDue) return
    const signsFrom = new Date(now.getTime() + publishedBeforeS * 1_000)
    await transaction.query('update signing_keys set published_until = $1 where published_until is null', [
      new Date(signsFrom.getTime() + publishedAfterS * 1_000),
    ])
    await this.#insert(transaction, signsFrom)
  }

  /** Two instances may both find none: one makes it, the other takes it. */
  async #makeFirst(transaction: Transaction, now: Date): Promise<string> {
    await transaction.query(lockStatement)
    // Whatever its time says: it is the first one, and whoever verifies may know of no other.
    const [made] = await transaction.query<Row>(newestStatement)
    return made === undefined ? this.#insert(transaction, now) : this.#open(made)
  }

  async #insert(transaction: Transaction, signsFrom: Date): Promise<string> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const [publicJwk, privateJwk] = await Promise.all([exportJWK(publicKey), exportJWK(privateKey)])
    const kid = await calculateJwkThumbprint(publicJwk)
    const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(privateJwk)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
      .encrypt(this.#wrapping)
    const shown = { kty: 'OKP', crv: 'Ed25519', x: publicJwk.x, kid, alg: 'EdDSA', use: 'sig' }
    await transaction.query(
      'insert into signing_keys (kid, public_key, private_key, signs_from) values ($1, $2, $3, $4)',
      [kid, JSON.stringify(shown), sealed, signsFrom],
    )
    this.#remember({ ...privateJwk, kid })
    return kid
  }

  async #open(row: Row): Promise<string> {
    if (!this.#opened.has(row.kid)) this.#remember(await openKey(row, this.#wrapping))
    return row.kid
  }

  #remember(key: SigningKey): void {
    if (this.#opened.size >= openedMax) this.#opened.delete(this.#opened.keys().next().value!)
    this.#opened.set(key.kid, key)
  }
}

async function openKey({ kid, private_key: sealed }: Row, wrapping: Uint8Array): Promise<SigningKey> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, wrapping, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    if (protectedHeader.kid !== kid) throw new Error('sealed for another key')
    const jwk: JWK = JSON.parse(new TextDecoder().decode(plaintext))
    return { ...jwk, kid }
  } catch (cause) {
    throw new Fault('unavailable', 'The signing key in the database can’t be read with this secret', {
      hint: 'Restore the secret that was used before; or delete the rows of signing_keys: then everybody renews.',
      cause,
    })
  }
}
