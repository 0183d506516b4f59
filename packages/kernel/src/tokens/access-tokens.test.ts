import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { newId } from '@matchday/contracts'
import { createFakeClock, type Forge, forgedToken, goodParts, tokenMutants } from '@matchday/testkit'
import type { JWK } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type AccessTokenHolder,
  type AccessTokenVerifier,
  accessTokenEndMs,
  accessTokenLimits,
  claimedRealm,
  createAccessTokenVerifier,
  signAccessToken,
} from './access-tokens.ts'
import { readCompactToken } from './compact-token.ts'
import { generateTokenKey, publicTokenKey } from './token-key.ts'

const staff: AccessTokenHolder = { realm: 'staff', accountId: newId(), sessionId: newId(), generation: 3 }
const admin: AccessTokenHolder = { ...staff, platformRole: 'admin' }
const player: AccessTokenHolder = { realm: 'players', accountId: newId(), sessionId: newId(), generation: 0 }

let key: JWK & { kid: string }
let retired: JWK & { kid: string }
let clock: ReturnType<typeof createFakeClock>
let verifier: AccessTokenVerifier
let forge: Forge

const ofKid = async () => {
  const made = await generateTokenKey()
  return { ...made, kid: made.kid ?? '' }
}
beforeAll(async () => {
  ;[key, retired] = await Promise.all([ofKid(), ofKid()])
})
beforeEach(async () => {
  clock = createFakeClock()
  verifier = createAccessTokenVerifier('staff', clock)
  await verifier.setKeys([publicTokenKey(key)])
  forge = {
    // jose and node describe the same JSON with types of their own.
    privateJwk: key as JsonWebKey & { kid: string },
    retiredJwk: retired as JsonWebKey & { kid: string },
    holder: staff,
    nowMs: clock.now(),
  }
})

describe('access tokens', () => {
  it('give back whom they were made for, and until when', async () => {
    for (const holder of [staff, admin]) {
      const token = await signAccessToken(key, holder, clock.now())
      expect(await verifier.verify(token)).toEqual({
        kind: 'good',
        token: {
          realm: 'staff',
          caller: {
            kind: 'staff',
            accountId: holder.accountId,
            sessionId: holder.sessionId,
            ...(holder.platformRole ? { platformRole: holder.platformRole } : {}),
          },
          generation: 3,
          issuedAtMs: clock.now(),
          expiresAtMs: accessTokenEndMs(clock.now()),
        },
      })
    }
    const players = createAccessTokenVerifier('players', clock)
    await players.setKeys([publicTokenKey(key)])
    const finding = await players.verify(await signAccessToken(key, player, clock.now()))
    expect(finding).toMatchObject({
      kind: 'good',
      token: { caller: { kind: 'player-account', accountId: player.accountId }, generation: 0 },
    })
  })

  it('are small enough for a cookie, and name their realm', async () => {
    const token = await signAccessToken(key, admin, clock.now())
    expect(token.length).toBeLessThan(accessTokenLimits.lengthMax / 3)
    expect(claimedRealm(token)).toBe('staff')
    expect(claimedRealm(await signAccessToken(key, player, clock.now()))).toBe('players')
    expect(claimedRealm('x.y.z')).toBeNull()
  })

  it('end, after a tolerance of five seconds, remembered or not', async () => {
    const token = await signAccessToken(key, staff, clock.now())
    const remembers = createAccessTokenVerifier('staff', clock)
    await remembers.setKeys([publicTokenKey(key)])
    expect((await remembers.verify(token)).kind).toBe('good')
    clock.advance(600_000 + 4_900)
    expect((await verifier.verify(token)).kind).toBe('good')
    expect((await remembers.verify(token)).kind).toBe('good')
    clock.advance(1_100)
    expect(await verifier.verify(token)).toEqual({ kind: 'expired' })
    expect(await remembers.verify(token)).toEqual({ kind: 'expired' })
    expect(await remembers.verify(token)).toEqual({ kind: 'expired' })
  })

  it('of a realm are none of the other, whatever keys it has', async () => {
    const players = createAccessTokenVerifier('players', clock)
    await players.setKeys([publicTokenKey(key)])
    expect(await players.verify(await signAccessToken(key, staff, clock.now()))).toEqual({ kind: 'bad' })
    const roleOfPlayer = forgedToken(key as JsonWebKey, goodParts(forge).header, {
      ...goodParts({ ...forge, holder: player }).claims,
      role: 'superadmin',
    })
    expect(await players.verify(roleOfPlayer)).toEqual({ kind: 'bad' })
  })

  it('are not good any more when their key is gone, even if they were remembered', async () => {
    await verifier.setKeys([publicTokenKey(key), publicTokenKey(retired)])
    const token = await signAccessToken(retired, staff, clock.now())
    expect((await verifier.verify(token)).kind).toBe('good')
    await verifier.setKeys([publicTokenKey(key)])
    expect(await verifier.verify(token)).toEqual({ kind: 'unknown-key' })
    expect((await verifier.verify(await signAccessToken(key, staff, clock.now()))).kind).toBe('good')
  })

  it('are checked with keys that can be used, of which there may be ten', async () => {
    const others = await Promise.all(Array.from({ length: accessTokenLimits.keysMax }, () => ofKid()))
    await verifier.setKeys([
      { kty: 'oct', k: 'c2VjcmV0', kid: 'symmetric' },
      { kty: 'OKP', crv: 'Ed25519', x: 'short', kid: 'broken' },
      { ...publicTokenKey(key), kid: '../key' },
      publicTokenKey(key),
      ...others.map(publicTokenKey),
    ])
    const kinds = await Promise.all(
      [key, others[0]!, others.at(-1)!].map(
        async (each) => (await verifier.verify(await signAccessToken(each, staff, clock.now()))).kind,
      ),
    )
    expect(kinds).toEqual(['good', 'good', 'unknown-key'])
  })

  it('are signed only with a key that has a name', async () => {
    const { kid: _kid, ...nameless } = key
    await expect(signAccessToken(nameless, staff, clock.now())).rejects.toThrow('kid')
  })
})

describe('mutants', () => {
  it('are refused, all of them, and the control is not', async () => {
    const { good, mutants } = tokenMutants(forge)
    expect(Object.keys(mutants).length).toBeGreaterThan(90)
    const believed: string[] = []
    for (const [what, token] of Object.entries(mutants)) {
      if ((await verifier.verify(token)).kind === 'good') believed.push(what)
    }
    expect(believed).toEqual([])
    expect((await verifier.verify(good)).kind).toBe('good')
  })

  it('would get through where less is checked', async () => {
    const publicKey = createPublicKey({ key: publicTokenKey(key) as JsonWebKey, format: 'jwk' })
    /** Looks at the signature alone, as base64 decoders see it. */
    const careless = (token: string) => {
      const [header = '', claims = '', signature = ''] = token.trim().split('.')
      return verify(null, Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))
    }
    const { mutants } = tokenMutants(forge)
    const through = Object.entries(mutants).flatMap(([what, token]) => (careless(token) ? [what] : []))
    expect(through).toEqual(
      expect.arrayContaining([
        'expired',
        'a critical extension',
        'padding',
        'typ of a pass',
        'a list of audiences',
      ]),
    )
    // The library under it looks for itself where the group is concerned.
    expect(through).not.toContain('S moved by the order of the group')
  })
})

describe('reading a token', () => {
  it('gives what it says, in its one spelling only', () => {
    const { good } = tokenMutants(forge)
    expect(readCompactToken(good, 2_048)).toMatchObject({ header: { typ: 'at+jwt' }, claims: { gen: 3 } })
    expect(readCompactToken(good, good.length - 1)).toBeNull()
    expect(readCompactToken(`${good}=`, 2_048)).toBeNull()
  })
})
