import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { Fault } from '../fault.ts'
import { writePrivateFile } from '../postgres/data-folder.ts'

/** An Ed25519 private key as JWK. */
export type TokenKey = JWK

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

async function createTokenKey(path: string): Promise<TokenKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: randomUUID() }
  await writePrivateFile(path, `${JSON.stringify(key)}\n`)
  return key
}

/** `source` names where the text came from, for the error; the text itself is never shown. */
export function parseTokenKey(text: string, source: string): TokenKey {
  const hint = 'It must be one Ed25519 private key in JWK form. Restore it from a backup.'
  try {
    const key: unknown = JSON.parse(text)
    if (isPrivateEd25519(key)) return key
  } catch (error) {
    throw new Fault('token-key-unreadable', `The token key in ${source} is not JSON.`, { hint, cause: error })
  }
  throw new Fault('token-key-unreadable', `The token key in ${source} is not an Ed25519 private key.`, {
    hint,
  })
}

function isPrivateEd25519(key: unknown): key is JWK {
  return (
    typeof key === 'object' &&
    key !== null &&
    'kty' in key &&
    key.kty === 'OKP' &&
    'crv' in key &&
    key.crv === 'Ed25519' &&
    'd' in key &&
    'x' in key &&
    typeof key.d === 'string' &&
    typeof key.x === 'string'
  )
}
