import {
  createTokens,
  createTokenVerifier,
  openTokenKey,
  parsePublicTokenKey,
  parseTokenKey,
  secretFor,
  type Tokens,
  type TokenVerifier,
} from '@matchday/kernel'
import { type Config, needsOwnKey } from './config.ts'

/** A gateway that has only the public key signs nothing, and knows no secrets. */
export type Keys = {
  readonly verifier: TokenVerifier
  readonly signer: Tokens | null
  /** A secret for one purpose, the same in all processes. */
  readonly secretFor: ((purpose: string) => Uint8Array) | null
}

/** `ownKeyPath`: the file with this machine's own key, for when the settings name none. */
export async function openKeys(config: Config, ownKeyPath: string): Promise<Keys> {
  const { tokenKey, tokenPublicKey } = config
  if (tokenPublicKey !== undefined && tokenKey === undefined && !needsOwnKey(config)) {
    const key = parsePublicTokenKey(tokenPublicKey, 'MATCHDAY_TOKEN_PUBLIC_KEY')
    return { verifier: await createTokenVerifier(key), signer: null, secretFor: null }
  }
  const key =
    tokenKey === undefined ? await openTokenKey(ownKeyPath) : parseTokenKey(tokenKey, 'MATCHDAY_TOKEN_KEY')
  const tokens = await createTokens(key)
  return { verifier: tokens, signer: tokens, secretFor: (purpose) => secretFor(purpose, key) }
}
