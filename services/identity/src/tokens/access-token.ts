import {
  identityLimits,
  type PlatformRole,
  type PlayerAccountId,
  type Realm,
  type SessionId,
  type StaffId,
} from '@matchday/contracts'
import { importJWK, type JWK, SignJWT } from 'jose'

/** What an access token says; nothing personal. */
export type AccessTokenHolder = {
  readonly realm: Realm
  readonly accountId: StaffId | PlayerAccountId
  readonly sessionId: SessionId
  readonly generation: number
  readonly platformRole?: PlatformRole
}

/** When a token that is issued now ends. */
export function accessTokenEndMs(issuedAtMs: number): number {
  return (Math.floor(issuedAtMs / 1_000) + identityLimits.accessTokenS) * 1_000
}

/** The same holder and time give the same token: EdDSA needs no randomness. */
export async function signAccessToken(
  privateJwk: JWK,
  holder: AccessTokenHolder,
  issuedAtMs: number,
): Promise<string> {
  const { accountId, sessionId: sid, generation: gen, platformRole } = holder
  return new SignJWT({ sid, gen, ...(platformRole === undefined ? {} : { role: platformRole }) })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: privateJwk.kid! })
    .setIssuer(`matchday/${holder.realm}`)
    .setAudience('matchday')
    .setSubject(accountId)
    .setIssuedAt(Math.floor(issuedAtMs / 1_000))
    .setExpirationTime(accessTokenEndMs(issuedAtMs) / 1_000)
    .sign(await importJWK(privateJwk, 'EdDSA'))
}
