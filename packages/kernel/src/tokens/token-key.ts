import { hkdfSync, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { Fault } from '../fault.ts'
import { writePrivateFile } from '../postgres/data-folder.ts'

/** An Ed25519 private key as JWK. */
export type TokenKey = JWK
/** The same without its private part. */
export type PublicTokenKey = JWK

/**
 * The key that signs tokens, kept in a file that only its owner can read and made at the first start.
 * Losing it makes every token worthless; copying it lets anybody be anyone.
 * Throws Fault `token-key-unreadable`.
 */
export async function openTokenKey(path: string): Promise<TokenKey> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new Fault('token-key-unreadable', `The token key ${path} cannot be read.`, { cause: error })
  })
  return text === null ? createTokenKey(path) : parseTokenKey(text, path)
}

/** A new key. */
export async function generateTokenKey(): Promise<TokenKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: randomUUID() }
}

async function createTokenKey(path: string): Promise<TokenKey> {
  const key = await generateTokenKey()
  await writePrivateFile(path, `${JSON.stringify(key)}\n`)
  return key
}

/** The half that checks tokens and can't make any. */
export function publicTokenKey({ d: _private, ...key }: TokenKey): PublicTokenKey {
  return key
}

const secretBytes = 32

/**
 * A secret for one purpose, which every process with the same key has too: nobody needs to be given another one, and
 * from one nothing is known of the others (HKDF-SHA-256).
 */
export function secretFor(purpose: string, { d }: TokenKey): Uint8Array {
  if (d === undefined) throw new Error('a public key has no secrets')
  const seed = Buffer.from(d, 'base64url')
  return new Uint8Array(hkdfSync('sha256', seed, '', `matchday ${purpose}`, secretBytes))
}

/** `source` names where the text came from, for the error; the text itself is never shown. */
export function parseTokenKey(text: string, source: string): TokenKey {
  const key = parseJson(text, source)
  if (isEd25519(key) && typeof key.d === 'string') return key
  throw unreadable(`The token key in ${source} is not an Ed25519 private key.`)
}

/** As `parseTokenKey`; of a private key it takes the public half. */
export function parsePublicTokenKey(text: string, source: string): PublicTokenKey {
  const key = parseJson(text, source)
  if (isEd25519(key)) return publicTokenKey(key)
  throw unreadable(`The token key in ${source} is not an Ed25519 key.`)
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw unreadable(`The token key in ${source} is not JSON.`, error)
  }
}

function unreadable(message: string, cause?: unknown): Fault {
  const hint = 'It must be one Ed25519 key in JWK form. Restore it from a backup.'
  return new Fault('token-key-unreadable', message, { hint, cause })
}

function isEd25519(key: unknown): key is JWK {
  return (
    typeof key === 'object' &&
    key !== null &&
    'kty' in key &&
    key.kty === 'OKP' &&
    'crv' in key &&
    key.crv === 'Ed25519' &&
    'x' in key &&
    typeof key.x === 'string'
  )
}
