import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { register, type SessionBody, signInAs } from '../testing/people.ts'
import { twoInstances } from '../testing/two-instances.ts'
import { deriveKeys } from '../tokens/derived-keys.ts'
import { makeRefreshToken } from '../tokens/refresh-token.ts'

const dayMs = 24 * 60 * 60_000

describe('renewing a session', async () => {
  const [lab, other] = await twoInstances()

  const renew = (refreshToken: string, at = lab) => at.call('renewStaffSession', { refreshToken })
  const renewed = async (refreshToken: string, at = lab) => bodyOf<SessionBody>(await renew(refreshToken, at))

  it('gives a new pair, of which the database has the hash alone', async () => {
    const first = await register(lab, 'a@example.org')
    lab.advance(1_000)
    const next = await renewed(first.refreshToken)
    expect(next).toMatchObject({ accountId: first.accountId, sessionId: first.sessionId })
    expect(next.refreshToken).not.toBe(first.refreshToken)
    expect(next.accessToken).not.toBe(first.accessToken)
    const [row] = await lab.rows<{ all: string }>(
      'select row_to_json(s)::text as all from sessions s where id = $1',
      [first.sessionId],
    )
    for (const { refreshToken } of [first, next]) {
      expect(row!.all).not.toContain(refreshToken.split('.')[2])
    }
  })

  it('fifty at once, at two instances, get one successor', async () => {
    const { refreshToken } = await register(lab, 'b@example.org')
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, tab) => renewed(refreshToken, tab % 2 === 0 ? lab : other)),
    )
    expect(new Set(all.map((one) => one.refreshToken)).size).toBe(1)
    // And the successor is good.
    await renewed(all[0]!.refreshToken)
  })

  it('tells the same successor for ten seconds', async () => {
    const { refreshToken, accountId } = await register(lab, 'c@example.org')
    const next = await renewed(refreshToken)
    lab.advance(10_000)
    expect((await renewed(refreshToken, other)).refreshToken).toBe(next.refreshToken)
    expect((await lab.events(accountId)).map(({ type }) => type)).not.toContain('session-ended')
  })

  it('a token that is used later is stolen: the session ends for both, and everybody is told', async () => {
    const { refreshToken, accountId, sessionId, caller } = await register(lab, 'd@example.org')
    const next = await renewed(refreshToken)
    lab.advance(10_001)
    const commits = other.commits()
    expect(await renew(refreshToken, other)).toEqual({ kind: 'rejected', code: 'session-ended' })
    expect(other.commits()).toBe(commits + 1)
    expect(codeOf(await renew(next.refreshToken))).toBe('session-ended')
    expect((await lab.events(accountId)).at(-1)).toMatchObject({ type: 'session-ended', data: { sessionId } })
    expect(await lab.internal('listRevocations')).toMatchObject({
      body: { sessions: expect.arrayContaining([sessionId]) },
    })
    // Its access token opens nothing here any more.
    expect(codeOf(await lab.call('getStaffProfile', {}, { by: caller }))).toBe('not-authenticated')
  })

  it('a token of two renewals ago is stolen even at once', async () => {
    const { refreshToken } = await register(lab, 'e@example.org')
    const next = await renewed(refreshToken)
    const last = await renewed(next.refreshToken)
    expect(codeOf(await renew(refreshToken))).toBe('session-ended')
    expect(codeOf(await renew(last.refreshToken))).toBe('session-ended')
  })

  it('what was never a token ends nobody’s session', async () => {
    const { refreshToken, sessionId } = await register(lab, 'f@example.org')
    const next = await renewed(refreshToken)
    lab.advance(60_000)
    const bits = 'A'.repeat(43)
    const stranger = deriveKeys('another secret, which is as long as it must be', 'staff')
    for (const forged of [
      `${sessionId}.0.${bits}`,
      `${sessionId}.7.${next.refreshToken.split('.')[2]}`,
      `${sessionId}.1.${refreshToken.split('.')[2]}`,
      makeRefreshToken(stranger, sessionId, 0),
      `${refreshToken}A`,
      refreshToken.slice(0, -1),
      'x'.repeat(80),
    ]) {
      expect(codeOf(await renew(forged)), forged).toBe('session-ended')
    }
    expect(codeOf(await lab.call('renewStaffSession', {}))).toBe('session-ended')
    await renewed(next.refreshToken)
  })

  it('a token of the other realm is nothing', async () => {
    const { sessionId } = await register(lab, 'g@example.org')
    const keys = deriveKeys('a secret of tests, that is long enough', 'players')
    expect(codeOf(await renew(makeRefreshToken(keys, sessionId, 0)))).toBe('session-ended')
  })

  it('ends when the session was not used for a week, or is a month old', async () => {
    const unused = await register(lab, 'h@example.org')
    expect(Date.parse(unused.refreshExpiresAt)).toBe(lab.clock.now() + 7 * dayMs)
    lab.advance(7 * dayMs)
    expect(codeOf(await renew(unused.refreshToken))).toBe('session-ended')

    let used: SessionBody = await signInAs(lab, 'h@example.org')
    const beganAt = lab.clock.now()
    for (let week = 0; week < 5; week++) {
      lab.advance(6 * dayMs)
      if (lab.clock.now() - beganAt < 30 * dayMs) used = await renewed(used.refreshToken)
    }
    expect(Date.parse(used.refreshExpiresAt)).toBe(beganAt + 30 * dayMs)
    expect(codeOf(await renew(used.refreshToken))).toBe('session-ended')
  })

  it('carries the platform role and the generation of now', async () => {
    const { refreshToken, accountId } = await register(lab, 'i@example.org')
    await lab.rows(`update accounts set platform_role = 'admin', generation = 7 where id = $1`, [accountId])
    const { accessToken } = await renewed(refreshToken)
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString())
    expect(claims).toMatchObject({ role: 'admin', gen: 7 })
  })
})

describe('signing out', () => {
  let lab: IdentityLab
  beforeAll(async () => {
    lab = await openIdentityLab()
  })
  afterAll(() => lab.close())

  it('ends every session, and whoever signs in within the same second is in', async () => {
    const first = await register(lab, 'a@example.org')
    const second = await signInAs(lab, first.email)
    const id = '01900000-0000-7000-8000-0000000000aa'
    bodyOf(await lab.call('signOutStaff', {}, { by: first.caller, id }))
    for (const { refreshToken } of [first, second]) {
      expect(codeOf(await lab.call('renewStaffSession', { refreshToken }))).toBe('session-ended')
    }
    const [ended] = (await lab.events(first.accountId)).slice(-1)
    expect(ended).toMatchObject({ type: 'sessions-ended', data: { generation: 2 } })
    expect(await lab.internal('listRevocations')).toMatchObject({
      body: { accounts: [{ accountId: first.accountId, generation: 2 }] },
    })
    const next = await signInAs(lab, first.email)
    const { gen } = JSON.parse(Buffer.from(next.accessToken.split('.')[1]!, 'base64url').toString())
    expect(gen).toBe(2)
    expect(codeOf(await lab.call('getStaffProfile', {}, { by: next.caller }))).toBe('ok')
    expect(codeOf(await lab.call('getStaffProfile', {}, { by: second.caller }))).toBe('not-authenticated')
    // The same request once more is told what was done, and does nothing to the new session.
    expect(codeOf(await lab.call('signOutStaff', {}, { by: first.caller, id }))).toBe('ok')
    expect(codeOf(await lab.call('getStaffProfile', {}, { by: next.caller }))).toBe('ok')
  })

  it('one session can be ended alone, by its owner', async () => {
    const here = await register(lab, 'b@example.org')
    const there = await signInAs(lab, here.email, { device: 'Firefox on Android' })
    const stranger = await register(lab, 'c@example.org')
    const listed = bodyOf<{ items: { id: string; isThis: boolean }[] }>(
      await lab.call('listStaffSessions', {}, { by: here.caller }),
    )
    expect(listed.items).toMatchObject([
      { id: there.sessionId, isThis: false, device: 'Firefox on Android' },
      { id: here.sessionId, isThis: true, device: null },
    ])
    const { sessionId } = there
    expect(codeOf(await lab.call('endStaffSession', { sessionId }, { by: stranger.caller }))).toBe(
      'not-found',
    )
    expect(codeOf(await lab.call('endStaffSession', { sessionId }, { by: here.caller }))).toBe('ok')
    expect(codeOf(await lab.call('endStaffSession', { sessionId }, { by: here.caller }))).toBe('not-found')
    expect(codeOf(await lab.call('getStaffProfile', {}, { by: there.caller }))).toBe('not-authenticated')
    expect(codeOf(await lab.call('getStaffProfile', {}, { by: here.caller }))).toBe('ok')
  })

  it('sessions are listed by pages', async () => {
    const person = await register(lab, 'd@example.org')
    for (let session = 0; session < 4; session++) await signInAs(lab, person.email)
    const page = async (query: object) =>
      bodyOf<{ items: { id: string }[]; next: string | null }>(
        await lab.call('listStaffSessions', { limit: 2, ...query }, { by: person.caller }),
      )
    const first = await page({})
    const second = await page({ after: first.next })
    const third = await page({ after: second.next })
    const ids = [first, second, third].flatMap(({ items }) => items.map(({ id }) => id))
    expect(new Set(ids).size).toBe(5)
    expect(third.next).toBeNull()
  })
})
