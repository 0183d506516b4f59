import { Writable } from 'node:stream'
import { newId } from '@matchday/contracts'
import { createLog } from '@matchday/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyColumn } from './testing/every-column.ts'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from './testing/identity-lab.ts'
import { callerOf, mailedToken, type SessionBody, tokenOf } from './testing/people.ts'

const password = 'canary-password-Zq7vK2'
const nextPassword = 'canary-successor-Wm4xR9'
const wrongPassword = 'canary-mistyped-Hd3pL5'
const email = 'canary.mailbox.Tt8nB@example.org'
const names = { firstName: 'Canaryfirst', lastName: 'Canarylast' }
const phone = '+49 99 8877665544'
const address = '203.0.113.213'

/** Where what is personal may stand; passwords and tokens may stand nowhere. */
const personalColumns = [
  ...['email', 'email_key', 'first_name', 'last_name', 'phone'].map((column) => `accounts.${column}`),
  ...['email', 'email_key', 'first_name', 'last_name'].map((column) => `sign_ups.${column}`),
  'administrator_changes.after',
]

describe('canaries', () => {
  let lab: IdentityLab
  const logged: string[] = []
  /** Tokens and what else opens something. */
  const secrets = new Set<string>([password, nextPassword, wrongPassword])

  beforeAll(async () => {
    const destination = new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk))
        done()
      },
    })
    lab = await openIdentityLab({
      registration: 'closed',
      log: createLog('debug', destination),
      answers: {
        checkInvitation: () => ({ isGood: true }),
        getStanding: () => ({ status: 'approved', role: 'owner', isPreview: false }),
        listSoleOwnerships: () => ({ organizationIds: [] }),
      },
    })
    await useEverything()
  }, 60_000)
  afterAll(() => lab.close())

  function keep<Session extends { accessToken: string; refreshToken: string }>(session: Session): Session {
    secrets.add(session.accessToken).add(session.refreshToken).add(session.refreshToken.split('.')[2]!)
    return session
  }
  function keepToken(token: string): string {
    secrets.add(token).add(token.split('.')[1]!)
    return token
  }

  async function useEverything(): Promise<void> {
    await lab.job('first-account')
    const setup = keepToken(tokenOf(lab.setupLinks[0]))
    const asking = { address }
    bodyOf(await lab.call('signUpStaff', { email: `root.${email}`, password, ...names, setup }, asking))
    const signedIn = await lab.call('signInStaff', { email: `root.${email}`, password }, asking)
    const root = callerOf('staff', keep(bodyOf<SessionBody>(signedIn)), 'superadmin')

    const invitation = keepToken(`${newId()}.${'canaryinvitation'.repeat(3)}`)
    bodyOf(await lab.call('signUpStaff', { email, password, ...names, invitation }, asking))
    const token = keepToken(await mailedToken(lab, email))
    await lab.call('confirmStaffEmail', { token, password: wrongPassword }, asking)
    const first = keep(bodyOf<SessionBody>(await lab.call('confirmStaffEmail', { token, password }, asking)))
    await lab.call('signInStaff', { email, password: wrongPassword }, asking)
    await lab.call('signUpStaff', { email, password, ...names, invitation }, asking)
    keep(
      bodyOf<SessionBody>(await lab.call('renewStaffSession', { refreshToken: first.refreshToken }, asking)),
    )
    const by = callerOf('staff', first)
    bodyOf(await lab.call('changeStaffProfile', { phone }, { by }))
    const change = { oldPassword: password, newPassword: nextPassword }
    const changed = keep(
      bodyOf<SessionBody>(await lab.call('changeStaffPassword', change, { by, ...asking })),
    )
    const owner = callerOf('staff', changed)
    const key = { organizationId: newId(), name: 'Key', scopes: ['tournaments:read'] }
    const made = bodyOf<{ key: string }>(await lab.call('createApiKey', key, { by: owner }))
    secrets.add(made.key).add(made.key.slice(-43))
    bodyOf(await lab.call('requestStaffReset', { email }, { address: '203.0.113.214' }))
    keepToken(await mailedToken(lab, email))
    bodyOf(await lab.call('addAdministrator', { email, ...names }, { by: root }))
    expect(codeOf(await lab.call('signOutStaffAccount', { email }, { by: root }))).toBe('ok')
    const nobody = { email: `nobody.${email}` }
    expect(codeOf(await lab.call('signOutStaffAccount', nobody, { by: root }))).toBe('not-found')
    // And what goes wrong: a row that the database refuses, whose error quotes the row; a table that is gone.
    await lab.rows(`alter table accounts add constraint planted check (last_name <> 'Refused')`, [])
    const again = keep(bodyOf<SessionBody>(await lab.call('signInStaff', { email, password: nextPassword })))
    const admin = callerOf('staff', again, 'admin')
    const quoted = lab.rows(`update accounts set last_name = 'Refused'`, [])
    await expect(quoted).rejects.toMatchObject({ detail: expect.stringContaining('Canaryfirst') })
    const refused = await lab.call('changeStaffProfile', { lastName: 'Refused' }, { by: admin })
    expect(codeOf(refused)).toBe('internal')
    await lab.rows('alter table reset_links rename to gone', [])
    expect(codeOf(await lab.call('requestStaffReset', { email }, { address: '203.0.113.215' }))).toBe(
      'internal',
    )
    await lab.rows('alter table gone rename to reset_links', [])
    await lab.job('mails')
    await lab.job('tidy-up')
  }

  it('are where they were put, so that they can be found', async () => {
    const all = await everyColumn(lab)
    expect(all).toContain(email)
    expect(all).toContain(phone)
    expect(secrets.size).toBeGreaterThan(15)
    expect(logged.join()).toContain('command failed')
  })

  it('passwords and tokens are in no row', async () => {
    const all = await everyColumn(lab)
    for (const secret of secrets) expect(all, secret).not.toContain(secret)
  })

  it('what is personal is in no row but those that are meant for it', async () => {
    const rest = await everyColumn(lab, personalColumns)
    for (const personal of [
      email,
      email.toLowerCase(),
      'canary.mailbox',
      'Canaryfirst',
      'Canarylast',
      phone,
      address,
    ]) {
      expect(rest, personal).not.toContain(personal)
    }
  })

  it('nothing of it is in events and kept answers', async () => {
    const rows = await lab.rows<{ text: string }>(
      'select data::text as text from events union all select answer::text from answers',
      [],
    )
    expect(rows.length).toBeGreaterThan(10)
    const told = rows.map(({ text }) => text).join('\n')
    for (const secret of [...secrets, 'anary', '99 88', address]) expect(told, secret).not.toContain(secret)
  })

  it('nothing of it is in the log', () => {
    const all = logged.join()
    for (const secret of [...secrets, 'anary', '99 88', address]) expect(all, secret).not.toContain(secret)
  })
})
