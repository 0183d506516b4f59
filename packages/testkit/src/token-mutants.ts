import { createHmac, createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import type { AccessTokenHolder } from '@matchday/kernel'

/** What a forger needs: the real key, so that each mutant is wrong in one way only. */
export type Forge = {
  readonly privateJwk: JsonWebKey & { readonly kid: string }
  /** A key that was the realm's and is no longer. */
  readonly retiredJwk: JsonWebKey & { readonly kid: string }
  readonly holder: AccessTokenHolder
  readonly nowMs: number
}

type Json = Readonly<Record<string, unknown>>

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token of exactly this header and these claims, signed with this key. */
export function forgedToken(jwk: JsonWebKey, header: Json, claims: Json): string {
  return signed(jwk, `${encode(header)}.${encode(claims)}`)
}

function signed(jwk: JsonWebKey, text: string): string {
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

/** Header and claims as a good token has them. */
export function goodParts({ privateJwk, holder, nowMs }: Forge): { header: Json; claims: Json } {
  const iat = Math.floor(nowMs / 1_000)
  const { realm, accountId, sessionId, generation, platformRole } = holder
  return {
    header: { alg: 'EdDSA', typ: 'at+jwt', kid: privateJwk.kid },
    claims: {
      iss: `matchday/${realm}`,
      aud: 'matchday',
      sub: accountId,
      sid: sessionId,
      gen: generation,
      ...(platformRole === undefined ? {} : { role: platformRole }),
      iat,
      exp: iat + 600,
    },
  }
}

/**
 * Access tokens that nobody may believe, by what is wrong with them: each is a good one but for that. `good` is the
 * control: the same forger, with nothing wrong.
 */
export function tokenMutants(forge: Forge): { good: string; mutants: Readonly<Record<string, string>> } {
  const { header, claims } = goodParts(forge)
  const good = forgedToken(forge.privateJwk, header, claims)
  return {
    good,
    mutants: {
      ...algorithmMutants(forge, header, claims),
      ...headerMutants(forge, header, claims),
      ...claimMutants(forge, header, claims),
      ...spellingMutants(good),
      ...signatureMutants(good),
    },
  }
}

function algorithmMutants({ privateJwk, retiredJwk }: Forge, header: Json, claims: Json) {
  const unsigned = (alg: string) => `${encode({ ...header, alg })}.${encode(claims)}.`
  const hmac = (alg: string, hash: string, secret: Buffer) => {
    const text = `${encode({ ...header, alg })}.${encode(claims)}`
    return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`
  }
  const publicBytes = Buffer.from(String(privateJwk.x), 'base64url')
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const ecText = `${encode({ ...header, alg: 'ES256' })}.${encode(claims)}`
  const ecSignature = sign('sha256', Buffer.from(ecText), { key: elliptic, dsaEncoding: 'ieee-p1363' })
  const stranger = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return {
    'alg none': unsigned('none'),
    'alg None': unsigned('None'),
    'alg nOnE': unsigned('nOnE'),
    'no alg': forgedToken(privateJwk, { typ: header.typ, kid: header.kid }, claims),
    'alg none with a signature': forgedToken(privateJwk, { ...header, alg: 'none' }, claims),
    'alg as a list': forgedToken(privateJwk, { ...header, alg: ['EdDSA'] }, claims),
    'alg in lower case': forgedToken(privateJwk, { ...header, alg: 'eddsa' }, claims),
    'alg Ed25519': forgedToken(privateJwk, { ...header, alg: 'Ed25519' }, claims),
    'HS256 with the public key': hmac('HS256', 'sha256', publicBytes),
    'HS256 with the public key as text': hmac('HS256', 'sha256', Buffer.from(String(privateJwk.x))),
    'HS512 with the public key, of the right length': hmac('HS512', 'sha512', publicBytes),
    'ES256 with a key of its own': `${ecText}.${ecSignature.toString('base64url')}`,
    'a key of its own under our kid': forgedToken(stranger, header, claims),
    'a retired key': forgedToken(retiredJwk, { ...header, kid: retiredJwk.kid }, claims),
    'a retired key under our kid': forgedToken(retiredJwk, header, claims),
  }
}

function headerMutants({ privateJwk }: Forge, header: Json, claims: Json) {
  const pair = generateKeyPairSync('ed25519')
  const own = pair.privateKey.export({ format: 'jwk' })
  const ownPublic = pair.publicKey.export({ format: 'jwk' })
  const withHeader = (extra: Json) => forgedToken(privateJwk, { ...header, ...extra }, claims)
  return {
    'a key in the header': forgedToken(own, { ...header, jwk: ownPublic }, claims),
    'a key in the header, no kid': forgedToken(own, { alg: 'EdDSA', typ: 'at+jwt', jwk: ownPublic }, claims),
    'our key in the header': withHeader({ jwk: ownPublic }),
    'an address of keys': withHeader({ jku: 'https://evil.example/keys.json' }),
    'an address of certificates': withHeader({ x5u: 'https://evil.example/cert.pem' }),
    'a certificate': withHeader({ x5c: ['MIIB'] }),
    'no kid': forgedToken(privateJwk, { alg: 'EdDSA', typ: 'at+jwt' }, claims),
    'a path for a kid': withHeader({ kid: '../../../../dev/null' }),
    'SQL for a kid': withHeader({ kid: "x' union select '00" }),
    'a NUL in the kid': withHeader({ kid: `${privateJwk.kid}\u0000` }),
    'a kid of 10 KiB': withHeader({ kid: 'k'.repeat(10 * 1_024) }),
    'a number for a kid': withHeader({ kid: 1 }),
    'the kid __proto__': withHeader({ kid: '__proto__' }),
    'the kid constructor': withHeader({ kid: 'constructor' }),
    'a critical extension': withHeader({ crit: ['x'], x: 1 }),
    'an empty list of critical extensions': withHeader({ crit: [] }),
    'b64 false': withHeader({ crit: ['b64'], b64: false }),
    'b64 false, not critical': withHeader({ b64: false }),
    'a compressed payload': withHeader({ zip: 'DEF' }),
    'no typ': forgedToken(privateJwk, { alg: 'EdDSA', kid: privateJwk.kid }, claims),
    'typ JWT': withHeader({ typ: 'JWT' }),
    'typ of a refresh token': withHeader({ typ: 'rt+jwt' }),
    'typ of a pass': withHeader({ typ: 'matchday-pass+jwt' }),
    'a header that is a list': signed(privateJwk, `${encode([header])}.${encode(claims)}`),
    'a header that is no JSON': signed(
      privateJwk,
      `${Buffer.from('{').toString('base64url')}.${encode(claims)}`,
    ),
  }
}

function claimMutants({ privateJwk, nowMs, holder }: Forge, header: Json, claims: Json) {
  const now = Math.floor(nowMs / 1_000)
  const withClaims = (changed: Json) => forgedToken(privateJwk, header, { ...claims, ...changed })
  const otherRealm = holder.realm === 'staff' ? 'players' : 'staff'
  return {
    expired: withClaims({ iat: now - 700, exp: now - 100 }),
    'just expired': withClaims({ iat: now - 606, exp: now - 6 }),
    'no exp': withClaims({ exp: undefined }),
    'exp as text': withClaims({ exp: String(now + 600) }),
    'exp as a fraction': withClaims({ exp: now + 599.5 }),
    'exp of 10^20': withClaims({ exp: 1e20 }),
    'exp in milliseconds': withClaims({ exp: nowMs + 600_000 }),
    'exp null': withClaims({ exp: null }),
    'a day long': withClaims({ exp: now + 86_400 }),
    'no iat': withClaims({ iat: undefined }),
    'iat in the future': withClaims({ iat: now + 60, exp: now + 600 }),
    'iat as text': withClaims({ iat: String(now) }),
    'iat below zero': withClaims({ iat: -1, exp: now + 100 }),
    'not valid yet': withClaims({ nbf: now + 60 }),
    'nbf as text': withClaims({ nbf: String(now) }),
    'another audience': withClaims({ aud: 'other' }),
    'no audience': withClaims({ aud: undefined }),
    'a list of audiences': withClaims({ aud: ['matchday', 'other'] }),
    'a list of one audience': withClaims({ aud: ['matchday'] }),
    'another issuer': withClaims({ iss: 'https://evil.example' }),
    'the issuer of passes': withClaims({ iss: 'matchday' }),
    'the issuer of the other realm': withClaims({ iss: `matchday/${otherRealm}` }),
    'a list of issuers': withClaims({ iss: [`matchday/${holder.realm}`] }),
    'no subject': withClaims({ sub: undefined }),
    'a subject that is no id': withClaims({ sub: 'admin' }),
    'no session': withClaims({ sid: undefined }),
    'a session that is no id': withClaims({ sid: '*' }),
    'no generation': withClaims({ gen: undefined }),
    'a generation as text': withClaims({ gen: '1' }),
    'a generation below zero': withClaims({ gen: -1 }),
    'a generation of 10^20': withClaims({ gen: 1e20 }),
    'a role that there is not': withClaims({ role: 'root' }),
    'a list of roles': withClaims({ role: ['superadmin'] }),
    'claims that are a list': signed(privateJwk, `${encode(header)}.${encode([claims])}`),
    'claims that are no JSON': signed(
      privateJwk,
      `${encode(header)}.${Buffer.from('sub=1').toString('base64url')}`,
    ),
  }
}

function spellingMutants(good: string) {
  const [header = '', claims = '', signature = ''] = good.split('.')
  return {
    'white space before': ` ${good}`,
    'a line break behind': `${good}\n`,
    'white space inside': `${header}. ${claims}.${signature}`,
    padding: `${good}=`,
    'padding of the claims': `${header}.${claims}=.${signature}`,
    'base64 for base64url': `${header}.${claims}.${signature.replaceAll('-', '+').replaceAll('_', '/')}+`,
    'two parts': `${header}.${claims}`,
    'four parts': `${good}.${signature}`,
    'five parts': `${header}.${claims}.${signature}.${claims}.${signature}`,
    'two signatures': JSON.stringify({
      payload: claims,
      signatures: [
        { protected: header, signature },
        { protected: header, signature },
      ],
    }),
    'two tokens': `${good},${good}`,
    'a refresh token': `01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15.${'A'.repeat(43)}`,
    '1 MiB': `${good}${'A'.repeat(1_024 * 1_024)}`,
    '3 KiB of claims': `${header}.${claims}${'A'.repeat(3 * 1_024)}.${signature}`,
    nothing: '',
    dots: '..',
  }
}

/** Order of the group of Ed25519 (RFC 8032): a signature may be moved by it only where nobody looks. */
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n

function signatureMutants(good: string) {
  const [header = '', claims = '', signature = ''] = good.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const withSignature = (changed: Uint8Array) =>
    `${header}.${claims}.${Buffer.from(changed).toString('base64url')}`
  const flipped = (index: number) => {
    const copy = Buffer.from(bytes)
    copy[index]! ^= 1
    return withSignature(copy)
  }
  return {
    'no signature': `${header}.${claims}.`,
    'a signature of zeros': withSignature(Buffer.alloc(64)),
    'a flipped bit in R': flipped(0),
    'a flipped bit in S': flipped(40),
    'S moved by the order of the group': withSignature(
      Buffer.concat([bytes.subarray(0, 32), plusOrder(bytes.subarray(32))]),
    ),
    'half a signature': withSignature(bytes.subarray(0, 32)),
    'a signature twice': withSignature(Buffer.concat([bytes, bytes])),
    'a signature and a byte': withSignature(Buffer.concat([bytes, Buffer.from([0])])),
    'a signature whose last bits are others': `${header}.${claims}.${otherLastBits(signature)}`,
    'claims that were changed': `${header}.${encode({ ...decoded(claims), gen: 99 })}.${signature}`,
  }
}

function decoded(part: string): Json {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}

/** Little-endian. */
function plusOrder(scalar: Uint8Array): Buffer {
  const moved = BigInt(`0x${Buffer.from(scalar).reverse().toString('hex')}`) + groupOrder
  return Buffer.from(moved.toString(16).padStart(64, '0').slice(-64), 'hex').reverse()
}

/** The same 64 bytes in another spelling: base64url leaves the last four bits over. */
function otherLastBits(signature: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(signature.at(-1) ?? 'A')
  return signature.slice(0, -1) + alphabet[last ^ 1]
}
