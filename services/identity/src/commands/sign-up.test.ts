import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { goodPassword, mailedToken, register, setUp, signInAs, tokenOf } from '../testing/people.ts'

const names = { firstName: 'Ada', lastName: 'Lovelace' }
const body = (email: string, password = goodPassword) => ({ email, password, ...names })

describe('signing up', () => {
  let lab: IdentityLab
  beforeAll(async () => {
    lab = await openIdentityLab()
  })
  afterAll(() => lab.close())

  it('makes an account by the link of the mail together with the password', async () => {
    const email = 'Ada@Example.org'
    expect(await lab.call('signUpStaff', body(email))).toMatchObject({ body: { next: 'check-mail' } })
    expect(codeOf(await lab.call('signInStaff', { email, password: goodPassword }))).toBe('wrong-credentials')
    const token = await mailedToken(lab, email)
    expect(codeOf(await lab.call('confirmStaffEmail', { token, password: 'another password' }))).toBe(
      'wrong-credentials',
    )
    const session = bodyOf<{ accountId: string }>(
      await lab.call('confirmStaffEmail', { token, password: goodPassword }),
    )
    expect((await lab.events(session.accountId)).map(({ type }) => type)).toEqual(['account-created'])
    const [row] = await lab.rows<Record<string, unknown>>('select * from accounts', [])
    expect(row).toMatchObject({ email, email_key: 'ada@example.org', first_name: 'Ada', platform_role: null })
    expect(row!.password_hash).toMatch(/^\$argon2id\$/)
    expect((await signInAs(lab, 'ada@example.ORG')).accountId).toBe(session.accountId)
  })

  it('answers alike when the address has an account, and tells the owner', async () => {
    const { email } = await register(lab, 'known@example.org')
    const known = await lab.call('signUpStaff', body(email))
    const unknown = await lab.call('signUpStaff', body('unknown@example.org'))
    expect(known).toMatchObject({ kind: 'ok', body: { next: 'check-mail' } })
    expect(unknown).toEqual({ ...known, epoch: expect.anything() })
    await lab.job('mails')
    expect(lab.notices.findLast(({ to }) => to === email)).toMatchObject({
      subject: 'You already have a Matchday account',
      link: null,
    })
  })

  it('lets nobody prepare an account for somebody else', async () => {
    const email = 'victim@example.org'
    await lab.call('signUpStaff', body(email, 'the password of a thief'))
    const prepared = await mailedToken(lab, email)
    await lab.call('signUpStaff', body(email, 'the password of the owner'))
    const own = await mailedToken(lab, email)
    const wrong = await lab.call('confirmStaffEmail', {
      token: prepared,
      password: 'the password of the owner',
    })
    expect(codeOf(wrong)).toBe('wrong-credentials')
    const right = await lab.call('confirmStaffEmail', { token: own, password: 'the password of the owner' })
    expect(codeOf(right)).toBe('ok')
    // What the thief prepared is gone, whoever opens his link.
    const late = await lab.call('confirmStaffEmail', { token: prepared, password: 'the password of a thief' })
    expect(codeOf(late)).toBe('link-expired')
  })

  it('tells whose sign-up is gone by the time that his password is tried that his link is, not that it is wrong', async () => {
    let before = async () => {}
    const late = await openIdentityLab({
      plant: ({ budgets }) => ({
        budgets: {
          ...budgets,
          async beginTry(...asked) {
            const first = before
            before = async () => {}
            await first()
            return budgets.beginTry(...asked)
          },
        },
      }),
    })
    try {
      const email = 'raced@example.org'
      await late.call('signUpStaff', body(email))
      const token = await mailedToken(late, email)
      before = async () => {
        await register(late, email)
      }
      expect(codeOf(await late.call('confirmStaffEmail', { token, password: goodPassword }))).toBe(
        'link-expired',
      )
    } finally {
      await late.close()
    }
  })

  it('opens the same account when the link is opened again', async () => {
    const email = 'twice@example.org'
    await lab.call('signUpStaff', body(email))
    const token = await mailedToken(lab, email)
    const first = bodyOf<{ accountId: string }>(
      await lab.call('confirmStaffEmail', { token, password: goodPassword }),
    )
    const again = bodyOf<{ accountId: string }>(
      await lab.call('confirmStaffEmail', { token, password: goodPassword }),
    )
    expect(again.accountId).toBe(first.accountId)
    expect(codeOf(await lab.call('confirmStaffEmail', { token, password: 'something else' }))).toBe(
      'wrong-credentials',
    )
  })

  it('ends with the link after a day', async () => {
    const email = 'late@example.org'
    await lab.call('signUpStaff', body(email))
    const token = await mailedToken(lab, email)
    lab.advance(24 * 60 * 60_000 + 1)
    expect(codeOf(await lab.call('confirmStaffEmail', { token, password: goodPassword }))).toBe(
      'link-expired',
    )
    const forged = `${token.split('.')[0]}.${'A'.repeat(43)}`
    expect(codeOf(await lab.call('confirmStaffEmail', { token: forged, password: goodPassword }))).toBe(
      'link-expired',
    )
  })

  it('refuses passwords that everybody knows, or that are no secret of his', async () => {
    for (const [password, code] of [
      ['passwordpassword', 'known'],
      ['aaaaaaaaaaaaaaa', 'known'],
      ['1qaz2wsx3edc4rfv', 'known'],
      ['Ada.Lovelace@example.org', 'personal'],
      ['lovelace ada lovelace', undefined],
      ['AdaLovelaceAdaLovelace', 'personal'],
      ['too short', 'too-short'],
      ['with a control\u0007 character', 'control-character'],
    ] as const) {
      const reply = await lab.call('signUpStaff', body('ada.lovelace@example.org', password))
      if (code === undefined) expect(codeOf(reply), password).toBe('ok')
      else
        expect(reply, password).toMatchObject({
          code: 'invalid-input',
          fields: [{ path: '/body/password', code }],
        })
    }
  })

  it('sends so many mails to a person, and always one for somebody who has not asked yet', async () => {
    const email = 'bombed@example.org'
    for (let ask = 0; ask < 20; ask++) {
      const address = ask < 10 ? '192.0.2.7' : `192.0.2.${20 + (ask % 5)}`
      expect(codeOf(await lab.call('signUpStaff', body(email), { address }))).toBe('ok')
    }
    const sent = await lab.rows(
      'select 1 from mails m join sign_ups s on s.id = m.sign_up_id where s.email = $1',
      [email],
    )
    expect(sent.length).toBe(3 + 5)
  })

  it('bounds what one address may ask for', async () => {
    const few = await openIdentityLab({ budgets: { requestsPerAddressMax: 2 } })
    try {
      expect(codeOf(await few.call('signUpStaff', body('a@example.org')))).toBe('ok')
      expect(codeOf(await few.call('requestStaffReset', { email: 'a@example.org' }))).toBe('ok')
      const refused = await few.call('signUpStaff', body('b@example.org'))
      expect(refused).toMatchObject({ code: 'too-many-requests', retryAfterS: 600 })
      expect(codeOf(await few.call('signUpStaff', body('b@example.org'), { address: '192.0.2.99' }))).toBe(
        'ok',
      )
    } finally {
      await few.close()
    }
  })
})

describe('where registration is closed', () => {
  const invitation = `${'i'.repeat(30)}`

  it('an invitation of an organisation lets in', async () => {
    const lab = await openIdentityLab({
      registration: 'closed',
      answers: { checkInvitation: ({ token }: { token: string }) => ({ isGood: token === invitation }) },
    })
    try {
      expect(codeOf(await lab.call('signUpStaff', body('a@example.org')))).toBe('registration-closed')
      const bad = await lab.call('signUpStaff', { ...body('a@example.org'), invitation: 'x'.repeat(30) })
      expect(codeOf(bad)).toBe('link-expired')
      const good = await lab.call('signUpStaff', { ...body('a@example.org'), invitation })
      expect(good).toMatchObject({ body: { next: 'check-mail' } })
    } finally {
      await lab.close()
    }
  })

  it('nobody gets in while the organisations can’t be asked', async () => {
    const lab = await openIdentityLab({ registration: 'closed' })
    try {
      const reply = await lab.call('signUpStaff', { ...body('a@example.org'), invitation })
      expect(reply).toMatchObject({ kind: 'fault', code: 'unavailable', retryable: true })
    } finally {
      await lab.close()
    }
  })

  it('the link of the terminal makes the first account, once', async () => {
    const lab = await openIdentityLab({ registration: 'closed' })
    try {
      expect(await lab.call('getStaffSignIn')).toMatchObject({ body: { needsSetup: true } })
      await lab.job('first-account')
      lab.advance(60_000)
      await lab.job('first-account')
      // Told once by a process, and the same by the next one.
      expect(lab.setupLinks).toHaveLength(1)
      const setup = tokenOf(lab.setupLinks[0])
      const forged = await lab.call('signUpStaff', {
        ...body('a@example.org'),
        setup: `${setup.slice(0, -1)}_`,
      })
      expect(codeOf(forged)).toBe('link-expired')
      const racers = await Promise.all(
        ['a', 'b', 'c'].map((who) => lab.call('signUpStaff', { ...body(`${who}@example.org`), setup })),
      )
      expect(racers.map(codeOf).sort()).toEqual(['link-expired', 'link-expired', 'ok'])
      const roles = await lab.rows<{ role: string }>('select platform_role as role from accounts', [])
      expect(roles).toEqual([{ role: 'superadmin' }])
      expect(await lab.call('getStaffSignIn')).toMatchObject({ body: { needsSetup: false } })
    } finally {
      await lab.close()
    }
  })

  it('where anybody may sign up it is still good: strangers who come first become no superadmin', async () => {
    const lab = await openIdentityLab({ registration: 'open' })
    try {
      await register(lab, 'stranger@example.org')
      await lab.job('first-account')
      expect(await lab.call('getStaffSignIn')).toMatchObject({ body: { needsSetup: true } })
      const root = await setUp(lab)
      expect(root.caller).toMatchObject({ platformRole: 'superadmin' })
      expect(await lab.call('getStaffSignIn')).toMatchObject({ body: { needsSetup: false } })
      lab.advance(60_000)
      await lab.job('first-account')
      expect(lab.setupLinks).toHaveLength(1)
    } finally {
      await lab.close()
    }
  })

  it('a restart tells the same link', async () => {
    const lab = await openIdentityLab({ registration: 'closed' })
    const { database } = lab
    const next = await openIdentityLab({ registration: 'closed', database })
    try {
      await lab.job('first-account')
      await next.job('first-account')
      expect(next.setupLinks).toEqual(lab.setupLinks)
      const root = await setUp(next)
      expect(root.caller).toMatchObject({ platformRole: 'superadmin' })
    } finally {
      await next.close()
      await lab.close()
    }
  })

  it('there is no such link for players', async () => {
    const lab = await openIdentityLab({ realm: 'players', registration: 'closed' })
    try {
      await lab.job('first-account')
      expect(lab.setupLinks).toEqual([])
      expect(await lab.call('getPlayerSignIn')).toMatchObject({ body: { needsSetup: false } })
      expect(codeOf(await lab.call('signUpPlayer', body('p@example.org')))).toBe('registration-closed')
    } finally {
      await lab.close()
    }
  })
})
