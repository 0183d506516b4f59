import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { goodPassword, mailedToken, register, type SessionBody, signInAs } from '../testing/people.ts'

const newPassword = 'an entirely different one'

describe('passwords', () => {
  let lab: IdentityLab
  beforeAll(async () => {
    lab = await openIdentityLab()
  })
  afterAll(() => lab.close())

  const change = (by: { caller: unknown }, oldPassword: string, password: string, id?: string) =>
    lab.call(
      'changeStaffPassword',
      { oldPassword, newPassword: password },
      { by: by.caller as never, ...(id === undefined ? {} : { id }) },
    )

  it('are changed with the old one: every older session ends, and one begins here', async () => {
    const first = await register(lab, 'a@example.org')
    const other = await signInAs(lab, first.email)
    expect(codeOf(await change(first, 'not the old one', newPassword))).toBe('wrong-password')
    const next = bodyOf<SessionBody>(await change(first, goodPassword, newPassword))
    for (const { refreshToken } of [first, other]) {
      expect(codeOf(await lab.call('renewStaffSession', { refreshToken }))).toBe('session-ended')
    }
    expect(codeOf(await lab.call('renewStaffSession', { refreshToken: next.refreshToken }))).toBe('ok')
    const claims = JSON.parse(Buffer.from(next.accessToken.split('.')[1]!, 'base64url').toString())
    expect(claims.gen).toBe(2)
    expect((await lab.events(first.accountId)).at(-1)).toMatchObject({ type: 'sessions-ended' })
    expect(codeOf(await lab.call('signInStaff', { email: first.email, password: goodPassword }))).toBe(
      'wrong-credentials',
    )
    await signInAs(lab, first.email, { password: newPassword })
  })

  it('the same request once more, for its answer was lost, begins another session', async () => {
    const person = await register(lab, 'b@example.org')
    const id = '01900000-0000-7000-8000-0000000000bb'
    bodyOf(await change(person, goodPassword, newPassword, id))
    const again = bodyOf<SessionBody>(await change(person, goodPassword, newPassword, id))
    expect(codeOf(await lab.call('renewStaffSession', { refreshToken: again.refreshToken }))).toBe('ok')
    // Whoever knows neither gets nothing.
    expect(codeOf(await change(person, goodPassword, 'a third one altogether'))).toBe('wrong-password')
  })

  it('must be new, and no secret of everybody', async () => {
    const person = await register(lab, 'c@example.org')
    const refused = async (password: string, code: string) =>
      expect(await change(person, goodPassword, password)).toMatchObject({
        code: 'invalid-input',
        fields: [{ path: '/body/newPassword', code }],
      })
    await refused(goodPassword, 'same')
    await refused('123456789qwerty', 'known')
    await refused('adalovelaceadalovelace', 'personal')
    await refused('short', 'too-short')
  })

  it('may be guessed ten times at somebody’s open session, and no more', async () => {
    const person = await register(lab, 'd@example.org')
    for (let guess = 0; guess < 10; guess++) {
      expect(codeOf(await change(person, `guess number ${guess}`, newPassword))).toBe('wrong-password')
    }
    expect(await change(person, goodPassword, newPassword)).toMatchObject({ code: 'too-many-requests' })
  })

  it('are reset by a link, once, which ends every session', async () => {
    const person = await register(lab, 'e@example.org')
    expect(codeOf(await lab.call('requestStaffReset', { email: 'E@example.org' }))).toBe('ok')
    const token = await mailedToken(lab, person.email)
    expect(await lab.call('resetStaffPassword', { token, newPassword: '123456789qwerty' })).toMatchObject({
      code: 'invalid-input',
    })
    const both = await Promise.all(
      ['the first to be set', 'the second to be set'].map((password) =>
        lab.call('resetStaffPassword', { token, newPassword: password }),
      ),
    )
    expect(both.map(codeOf).sort()).toEqual(['link-expired', 'ok'])
    const password = codeOf(both[0]!) === 'ok' ? 'the first to be set' : 'the second to be set'
    expect(codeOf(await lab.call('renewStaffSession', { refreshToken: person.refreshToken }))).toBe(
      'session-ended',
    )
    await signInAs(lab, person.email, { password })
    expect((await lab.events(person.accountId)).map(({ type }) => type)).toContain('sessions-ended')
  })

  it('a link ends after half an hour, and when the password is set otherwise', async () => {
    const person = await register(lab, 'f@example.org')
    await lab.call('requestStaffReset', { email: person.email })
    const late = await mailedToken(lab, person.email)
    lab.advance(30 * 60_000)
    expect(codeOf(await lab.call('resetStaffPassword', { token: late, newPassword }))).toBe('link-expired')

    await lab.call('requestStaffReset', { email: person.email })
    const void_ = await mailedToken(lab, person.email)
    bodyOf(await change(person, goodPassword, newPassword))
    expect(codeOf(await lab.call('resetStaffPassword', { token: void_, newPassword }))).toBe('link-expired')
  })

  it('a link of another kind sets nothing', async () => {
    const email = 'g@example.org'
    await lab.call('signUpStaff', { email, password: goodPassword, firstName: 'G', lastName: 'G' })
    const token = await mailedToken(lab, email)
    expect(codeOf(await lab.call('resetStaffPassword', { token, newPassword }))).toBe('link-expired')
    expect(codeOf(await lab.call('resetStaffPassword', { token: 'x'.repeat(60), newPassword }))).toBe(
      'link-expired',
    )
  })

  it('asking for a link tells nobody whether the address is known', async () => {
    const { email } = await register(lab, 'h@example.org')
    const known = await lab.call('requestStaffReset', { email })
    const unknown = await lab.call('requestStaffReset', { email: 'nobody-at-all@example.org' })
    expect(unknown).toEqual(known)
    const sent = lab.notices.length
    await lab.job('mails')
    expect(lab.notices.slice(sent).map(({ to }) => to)).toEqual([email])
    // Of the address that nobody has nothing is kept.
    const kept = await lab.rows<{ all: string }>('select row_to_json(m)::text as all from mails m', [])
    expect(kept.map(({ all }) => all).join()).not.toContain('nobody-at-all')
  })
})
