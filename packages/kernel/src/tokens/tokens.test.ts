import { createHmac } from 'node:crypto'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matchday/contracts'
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  generateTokenKey,
  openTokenKey,
  parsePublicTokenKey,
  parseTokenKey,
  publicTokenKey,
  secretFor,
} from './token-key.ts'
import { createTokens, createTokenVerifier, type TokenHolder, type Tokens } from './tokens.ts'

const player: TokenHolder = { kind: 'player', tournamentId: newId(), playerId: newId(), pass: 3 }
const organizer: TokenHolder = { kind: 'organizer', tournamentId: newId() }

let key: JWK
let signer: Tokens
/** Has signed nothing itself, so that each check is a real one. */
let verifier: Tokens

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  key = await exportJWK(privateKey)
  signer = await createTokens(key)
  verifier = await createTokens(key)
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('tokens', () => {
  it('give back whom they were made for', async () => {
    for (const holder of [player, organizer]) {
      expect(await verifier.verify(await signer.sign(holder))).toEqual(holder)
    }
  })

  it('are the same for the same holder, so that none needs to be stored', async () => {
    expect(await signer.sign(player)).toBe(await (await createTokens(key)).sign(player))
  })

  it('are known to whom they were good before, and only as they were written', async () => {
    const token = await signer.sign(organizer)
    const edge = await createTokenVerifier(publicTokenKey(key))
    expect(edge.known(token)).toBeUndefined()
    await edge.verify(token)
    expect(edge.known(token)).toEqual(organizer)
    const forged = `${token}A`
    expect(await edge.verify(forged)).toBeNull()
    expect(edge.known(forged)).toBeUndefined()
  })

  it('can be checked by who has the public key alone', async () => {
    const text = JSON.stringify(publicTokenKey(key))
    expect(text).not.toContain(key.d)
    const edge = await createTokenVerifier(parsePublicTokenKey(text, 'test'))
    expect(await edge.verify(await signer.sign(player))).toEqual(player)
    expect(parsePublicTokenKey(JSON.stringify(key), 'test')).not.toHaveProperty('d')
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const stranger = await createTokens(await exportJWK(privateKey))
    expect(await edge.verify(await stranger.sign(player))).toBeNull()
    expect(() => parseTokenKey(text, 'the file x')).toThrow(/the file x is not an Ed25519 private key/)
  })

  it('of another key are refused', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const stranger = await createTokens(await exportJWK(privateKey))
    expect(await verifier.verify(await stranger.sign(player))).toBeNull()
  })

  it('are refused in every forged form', async () => {
    const good = await signer.sign(player)
    const [header, claims, signature] = good.split('.') as [string, string, string]
    const secret = Buffer.from(key.x!, 'base64url')
    const hmac = (head: string) =>
      createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url')
    const privateKey = await importJWK(key, 'EdDSA')
    const sign = (head: object, body: object) =>
      new SignJWT({ ...body }).setProtectedHeader({ alg: 'EdDSA', ...head }).sign(privateKey)
    const body = {
      iss: 'matchday',
      aud: 'matchday',
      sub: player.playerId,
      tournament: player.tournamentId,
      pass: 1,
    }
    const typ = 'matchday-pass+jwt'
    const hmacHeader = encode({ alg: 'HS256', typ })

    const forged: Record<string, string> = {
      'nothing at all': '',
      'no signature': `${header}.${claims}.`,
      'two parts': `${header}.${claims}`,
      'four parts': `${good}.x`,
      'alg none': `${encode({ alg: 'none', typ })}.${claims}.`,
      'alg None': `${encode({ alg: 'None', typ })}.${claims}.${signature}`,
      'HS256 with the public key': `${hmacHeader}.${claims}.${hmac(hmacHeader)}`,
      'another claim': `${header}.${encode({ ...body, pass: 99 })}.${signature}`,
      'a flipped signature bit': `${header}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      padding: `${good}=`,
      'white space': ` ${good}`,
      'too long': `${good}${'A'.repeat(2_000)}`,
      'another type': await sign({ typ: 'JWT' }, body),
      'no type': await sign({}, body),
      'another issuer': await sign({ typ }, { ...body, iss: 'other' }),
      'another audience': await sign({ typ }, { ...body, aud: 'other' }),
      expired: await sign({ typ }, { ...body, exp: 1 }),
      'not yet valid': await sign({ typ }, { ...body, nbf: 99_999_999_999 }),
      'a critical extension': `${encode({ alg: 'EdDSA', typ, crit: ['x'], x: 1 })}.${claims}.${signature}`,
      'no tournament': await sign({ typ }, { ...body, tournament: undefined }),
      'a tournament that is no id': await sign({ typ }, { ...body, tournament: '../x' }),
      'a player that is no id': await sign({ typ }, { ...body, sub: 'admin' }),
      'a pass below one': await sign({ typ }, { ...body, pass: 0 }),
      'a pass as text': await sign({ typ }, { ...body, pass: '1' }),
      'a broken pass': await sign({ typ }, { ...body, pass: 1.5 }),
    }
    for (const [what, token] of Object.entries(forged)) {
      expect(await verifier.verify(token), what).toBeNull()
    }
    // The control: the same forger with nothing wrong is believed.
    expect(await verifier.verify(await sign({ typ }, body))).toMatchObject({ kind: 'player', pass: 1 })
  })
})

it('secrets of a key are one for each purpose, the same for all who have the key, and none without it', async () => {
  const [key, other] = [await generateTokenKey(), await generateTokenKey()]
  const secret = secretFor('one', key)
  expect(secret).toHaveLength(32)
  expect(secretFor('one', parseTokenKey(JSON.stringify(key), 'a copy'))).toEqual(secret)
  for (const different of [secretFor('two', key), secretFor('one', other)])
    expect(different).not.toEqual(secret)
  expect(() => secretFor('one', publicTokenKey(key))).toThrow('no secrets')
})

describe('the key file', () => {
  it('is made once, private, and read again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'matchday-key-'))
    try {
      const path = join(folder, 'token-key.json')
      const first = await openTokenKey(path)
      expect((await stat(path)).mode & 0o777).toBe(0o600)
      expect(await openTokenKey(path)).toEqual(first)
      await writeFile(path, '{"kty":"oct","k":"c2VjcmV0"}')
      await expect(openTokenKey(path)).rejects.toMatchObject({ code: 'token-key-unreadable' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('is never quoted in an error', () => {
    const text = '{"kty":"OKP","crv":"Ed25519","d":"verysecret"'
    expect(() => parseTokenKey(text, 'MATCHDAY_TOKEN_KEY')).toThrow(/MATCHDAY_TOKEN_KEY/)
    expect(() => parseTokenKey(text, 'MATCHDAY_TOKEN_KEY')).not.toThrow(/verysecret/)
  })
})
