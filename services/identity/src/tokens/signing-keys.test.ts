import { identityLimits } from '@matchday/contracts'
import { decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { everyColumn } from '../testing/every-column.ts'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { goodPassword, mailedToken, register, type SessionBody, signInAs } from '../testing/people.ts'
import { keyTimes } from './key-times.ts'

const day = 24 * 60 * 60_000
const minute = 60_000

describe('keys that sign access tokens', () => {
  let lab: IdentityLab
  beforeEach(async () => {
    lab = await openIdentityLab()
  })
  afterEach(() => lab.close())

  const published = async (at = lab) =>
    bodyOf<{ keys: (JWK & { kid: string })[] }>(await at.call('getStaffKeys')).keys
  const kidOf = (token: string) => decodeProtectedHeader(token).kid
  /** As everybody verifies who has fetched the keys. */
  async function verified(token: string, keys: JWK[]) {
    const key = keys.find(({ kid }) => kid === kidOf(token))
    if (key === undefined) return null
    return jwtVerify(token, await importJWK(key, 'EdDSA'), { currentDate: new Date(lab.clock.now()) })
  }
  /** A rotation, as far as the job comes to one. */
  async function pass(ms: number, at = lab) {
    lab.advance(ms)
    await at.job('signing-keys')
  }

  it('are there before the first token, and have no private half in the open', async () => {
    await lab.job('signing-keys')
    const keys = await published()
    expect(keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.any(String),
        kid: expect.any(String),
        alg: 'EdDSA',
        use: 'sig',
      },
    ])
    const [row] = await lab.rows<{ private_key: string }>('select private_key from signing_keys', [])
    expect(decodeProtectedHeader(row!.private_key)).toMatchObject({ alg: 'dir', enc: 'A256GCM' })
    expect(await everyColumn(lab)).not.toContain('"d"')
  })

  it('the first is the only one, also for whoever began a moment before it was made', async () => {
    const other = await openIdentityLab({ database: lab.database, clock: lab.clock })
    await lab.job('signing-keys')
    const [first] = await published()
    await lab.rows(`update signing_keys set signs_from = signs_from + interval '1 second'`, [])
    const { accessToken } = await register(other, 'a@example.org')
    expect(kidOf(accessToken)).toBe(first!.kid)
    expect(await published()).toHaveLength(1)
    await other.close()
  })

  it('rotate by themselves, and every token verifies with keys that were fetched an hour before', async () => {
    const { email } = await register(lab, 'a@example.org')
    let fetched = await published()
    const kids = new Set<string>()
    // Three rotations, looked at every hour by whoever verifies.
    for (let hour = 0; hour < 24 * 95; hour++) {
      const next = await published()
      await pass(60 * minute)
      if (hour % 24 === 0 || next.length > 1) {
        const { accessToken } = await signInAs(lab, email)
        expect(await verified(accessToken, fetched)).not.toBeNull()
        kids.add(kidOf(accessToken)!)
      }
      expect(next.length).toBeLessThanOrEqual(2)
      fetched = await published()
    }
    expect(kids.size).toBe(4)
  }, 120_000)

  it('stay published until all their tokens are over, and no longer', async () => {
    const { accessToken, email } = await register(lab, 'a@example.org')
    await lab.job('signing-keys')
    await pass(30 * day - 60 * minute)
    const [successor] = (await published()).filter(({ kid }) => kid !== kidOf(accessToken))
    // It is published, and does not sign yet.
    expect(kidOf((await signInAs(lab, email)).accessToken)).toBe(kidOf(accessToken))
    lab.advance(60 * minute - 1)
    const last = await signInAs(lab, email)
    expect(kidOf(last.accessToken)).toBe(kidOf(accessToken))
    lab.advance(1)
    expect(kidOf((await signInAs(lab, email)).accessToken)).toBe(successor!.kid)
    lab.advance(identityLimits.accessTokenS * 1_000 - 2_000)
    expect(await verified(last.accessToken, await published())).not.toBeNull()
    lab.advance((keyTimes.publishedAfterS - identityLimits.accessTokenS) * 1_000 + 2_000)
    expect(await verified(last.accessToken, await published())).toBeNull()
    await pass(5 * minute)
    expect(await lab.rows('select kid from signing_keys', [])).toEqual([{ kid: successor!.kid }])
  })

  it('two instances make one first key, and one successor', async () => {
    const other = await openIdentityLab({ database: lab.database, clock: lab.clock })
    try {
      await Promise.all([lab.job('signing-keys'), other.job('signing-keys')])
      expect(await published()).toHaveLength(1)
      lab.advance(30 * day)
      await Promise.all([lab.job('signing-keys'), other.job('signing-keys')])
      expect(await published(other)).toHaveLength(2)
    } finally {
      await other.close()
    }
  })

  it('two people who sign in first at two instances have tokens of one key', async () => {
    const other = await openIdentityLab({ database: lab.database, clock: lab.clock })
    try {
      const body = { password: goodPassword, firstName: 'Ada', lastName: 'Lovelace' }
      const tokens: string[] = []
      for (const email of ['a@example.org', 'b@example.org']) {
        await lab.call('signUpStaff', { email, ...body })
        tokens.push(await mailedToken(lab, email))
      }
      expect(await published()).toEqual([])
      const confirm = async (at: IdentityLab, token: string) =>
        bodyOf<SessionBody>(await at.call('confirmStaffEmail', { token, password: goodPassword }))
      const people = await Promise.all([confirm(lab, tokens[0]!), confirm(other, tokens[1]!)])
      expect(new Set(people.map(({ accessToken }) => kidOf(accessToken))).size).toBe(1)
    } finally {
      await other.close()
    }
  })

  it('can’t be read with another secret, which is said rather than mended', async () => {
    const { email } = await register(lab, 'a@example.org')
    const stranger = await openIdentityLab({
      database: lab.database,
      clock: lab.clock,
      secret: 'another secret, which is as long as it must be',
    })
    try {
      const reply = await stranger.call('signInStaff', { email, password: goodPassword })
      expect(reply).toMatchObject({ kind: 'fault', code: 'unavailable' })
      await stranger.rows('delete from signing_keys', [])
      expect(codeOf(await stranger.call('signInStaff', { email, password: goodPassword }))).toBe('ok')
    } finally {
      await stranger.close()
    }
  })
})
