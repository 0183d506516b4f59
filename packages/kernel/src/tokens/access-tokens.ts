import {
  type Caller,
  identityLimits,
  isId,
  type PlatformRole,
  type PlayerAccountId,
  platformRoles,
  type Realm,
  type SessionId,
  type StaffId,
} from '@matchday/contracts'
import { errors, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../clock.ts'
import { readCompactToken } from './compact-token.ts'

/**
 * Access tokens: who holds one is signed in with the account that it names, until it ends. Signed JWTs (EdDSA,
 * RFC 9068), made by the identity service of a realm, and checked everywhere with its public keys alone.
 */
export const accessTokenLimits = {
  lengthMax: 2_048,
  lifetimeS: identityLimits.accessTokenS,
  /** How far the clocks of two machines may be apart. */
  clockToleranceS: 5,
  /** Verified tokens of a realm that are remembered, so that only the first request costs a signature check. */
  rememberedMax: 20_000,
  /** Keys of a realm at a time: the one that signs, the next one, and those whose tokens are not over yet. */
  keysMax: 10,
} as const

export type AccessTokenHolder = {
  readonly realm: Realm
  readonly accountId: StaffId | PlayerAccountId
  readonly sessionId: SessionId
  /** Grows when all sessions of the account end: tokens of an earlier one are no longer good. */
  readonly generation: number
  /** Staff only. */
  readonly platformRole?: PlatformRole
}

/** A token whose signature and times are right; whether its session has ended it can't know. */
export type AccessToken = {
  readonly realm: Realm
  readonly caller: Extract<Caller, { kind: 'staff' | 'player-account' }>
  readonly generation: number
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}

/** `expired`: was good. `unknown-key`: of a key that may be new. `bad`: anything else. */
export type AccessTokenFinding =
  | { readonly kind: 'good'; readonly token: AccessToken }
  | { readonly kind: 'expired' | 'unknown-key' | 'bad' }

export type AccessTokenVerifier = {
  /** From now on the tokens of these keys are good, and of no others. Unusable keys are left out. */
  setKeys(publicJwks: readonly JWK[]): Promise<void>
  verify(token: string): Promise<AccessTokenFinding>
}

const algorithm = 'EdDSA'
const type = 'at+jwt'
const audience = 'matchday'
const keyIdPattern = /^[A-Za-z0-9_-]{1,64}$/
const issuerOf = (realm: Realm) => `matchday/${realm}`

/** When a token that is issued now ends. */
export function accessTokenEndMs(issuedAtMs: number): number {
  return (Math.floor(issuedAtMs / 1_000) + accessTokenLimits.lifetimeS) * 1_000
}

/** `privateJwk`: an Ed25519 key (`kty: OKP`, with `d`) that has a `kid`. */
export async function signAccessToken(
  privateJwk: JWK,
  holder: AccessTokenHolder,
  issuedAtMs: number,
): Promise<string> {
  const { kid } = privateJwk
  if (kid === undefined || !keyIdPattern.test(kid)) throw new Error('a key that signs needs a kid')
  const { accountId, sessionId: sid, generation: gen, platformRole } = holder
  return new SignJWT({ sid, gen, ...(platformRole === undefined ? {} : { role: platformRole }) })
    .setProtectedHeader({ alg: algorithm, typ: type, kid })
    .setIssuer(issuerOf(holder.realm))
    .setAudience(audience)
    .setSubject(accountId)
    .setIssuedAt(Math.floor(issuedAtMs / 1_000))
    .setExpirationTime(accessTokenEndMs(issuedAtMs) / 1_000)
    .sign(await importJWK(privateJwk, algorithm))
}

/** The realm that a text calls itself a token of; null when it is no access token at all. Proves nothing. */
export function claimedRealm(token: string): Realm | null {
  const read = readCompactToken(token, accessTokenLimits.lengthMax)
  if (read?.header.typ !== type) return null
  const { iss } = read.claims
  return iss === issuerOf('staff') ? 'staff' : iss === issuerOf('players') ? 'players' : null
}

/** Knows no key at first. */
export function createAccessTokenVerifier(realm: Realm, clock: Clock): AccessTokenVerifier {
  return new Verifier(realm, clock)
}

class Verifier implements AccessTokenVerifier {
  private keys: ReadonlyMap<string, Awaited<ReturnType<typeof importJWK>>> = new Map()
  private fingerprint = ''
  /** In the order in which they came: the first is the next to be forgotten. */
  private readonly remembered = new Map<string, AccessToken>()
  private readonly realm: Realm
  private readonly clock: Clock

  constructor(realm: Realm, clock: Clock) {
    this.realm = realm
    this.clock = clock
  }

  async setKeys(publicJwks: readonly JWK[]): Promise<void> {
    const usable = publicJwks.filter(isUsable).slice(0, accessTokenLimits.keysMax)
    const fingerprint = usable.map(({ kid, x }) => `${kid} ${x}`).join('\n')
    if (fingerprint === this.fingerprint) return
    const imported = await Promise.all(
      // Whatever else a key says of itself, it is used for this alone.
      usable.map(({ x }) => importJWK({ kty: 'OKP', crv: 'Ed25519', x }, algorithm).catch(() => null)),
    )
    this.keys = new Map(usable.flatMap(({ kid }, index) => (imported[index] ? [[kid, imported[index]]] : [])))
    this.fingerprint = fingerprint
    // Some of them may be of a key that is gone.
    this.remembered.clear()
  }

  async verify(token: string): Promise<AccessTokenFinding> {
    const known = this.remembered.get(token)
    if (known !== undefined) {
      if (!this.isOver(known)) return { kind: 'good', token: known }
      this.remembered.delete(token)
      return { kind: 'expired' }
    }
    const kid = keyIdOf(token)
    if (kid === null) return { kind: 'bad' }
    const { keys } = this
    const key = keys.get(kid)
    if (key === undefined) return { kind: 'unknown-key' }
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        typ: type,
        issuer: issuerOf(this.realm),
        audience,
        clockTolerance: accessTokenLimits.clockToleranceS,
        currentDate: new Date(this.clock.now()),
      })
      const read = accessTokenOf(this.realm, payload, this.clock.now())
      if (read === null) return { kind: 'bad' }
      // The keys may have changed meanwhile.
      if (keys === this.keys) this.remember(token, read)
      return { kind: 'good', token: read }
    } catch (error) {
      // Said only of tokens whose signature is right. Of all others the caller learns that they are not good.
      return { kind: error instanceof errors.JWTExpired ? 'expired' : 'bad' }
    }
  }

  private isOver({ expiresAtMs }: AccessToken): boolean {
    return this.clock.now() >= expiresAtMs + accessTokenLimits.clockToleranceS * 1_000
  }

  private remember(token: string, read: AccessToken): void {
    if (this.remembered.size >= accessTokenLimits.rememberedMax) {
      const [oldest] = this.remembered.keys()
      if (oldest !== undefined) this.remembered.delete(oldest)
    }
    this.remembered.set(token, read)
  }
}

/**
 * The key that a token names. Its header must have the three members that we write, and no others: a header that
 * brings its own key, or tells where to fetch one, is not listened to.
 */
function keyIdOf(token: string): string | null {
  const { alg, typ, kid, ...others } = readCompactToken(token, accessTokenLimits.lengthMax)?.header ?? {}
  if (alg !== algorithm || typ !== type || Object.keys(others).length > 0) return null
  return typeof kid === 'string' && keyIdPattern.test(kid) ? kid : null
}

function isUsable(jwk: JWK): jwk is JWK & { kid: string; x: string } {
  const { kty, crv, x, kid } = jwk
  const isKey = kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string'
  return isKey && typeof kid === 'string' && keyIdPattern.test(kid)
}

function accessTokenOf(realm: Realm, payload: JWTPayload, nowMs: number): AccessToken | null {
  const { sub, sid, gen, role, iat, exp, aud } = payload
  // One audience: a token for several could be shown to us by one of the others.
  if (!isId(sub) || !isId(sid) || aud !== audience) return null
  if (!isWhole(gen) || !isWhole(iat) || !isWhole(exp)) return null
  const issuedAtMs = iat * 1_000
  if (issuedAtMs > nowMs + accessTokenLimits.clockToleranceS * 1_000) return null
  if (exp <= iat || exp - iat > accessTokenLimits.lifetimeS) return null
  const rest = { realm, generation: gen, issuedAtMs, expiresAtMs: exp * 1_000 }
  // Checked by isId; of which kind they are say the claims' names and the issuer.
  const sessionId = sid as SessionId
  if (realm === 'players') {
    if (role !== undefined) return null
    return { ...rest, caller: { kind: 'player-account', accountId: sub as PlayerAccountId, sessionId } }
  }
  const caller = { kind: 'staff', accountId: sub as StaffId, sessionId } as const
  if (role === undefined) return { ...rest, caller }
  const platformRole = platformRoles.find((known) => known === role)
  return platformRole === undefined ? null : { ...rest, caller: { ...caller, platformRole } }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
