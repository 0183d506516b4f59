import { Writable } from 'node:stream'
import { createLog } from '@matchday/kernel'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { goodPassword, register } from '../testing/people.ts'
import { startSmtpServer } from '../testing/smtp-server.ts'

const names = { firstName: 'Ada', lastName: 'Lovelace' }
const minute = 60_000

describe('mails by SMTP', () => {
  let smtp: Awaited<ReturnType<typeof startSmtpServer>>
  let lab: IdentityLab
  const logged: string[] = []

  beforeAll(async () => {
    smtp = await startSmtpServer()
    const destination = new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk))
        done()
      },
    })
    lab = await openIdentityLab({
      smtp: { url: smtp.url, from: 'Matchday <matchday@matchday.test>' },
      log: createLog('debug', destination),
    })
  })
  beforeEach(async () => {
    smtp.refuse(false)
    smtp.received.length = 0
    await lab.rows('delete from mails', [])
  })
  afterAll(async () => {
    await lab.close()
    await smtp.stop()
  })

  const signUp = (email: string, language: 'en' | 'de' = 'en') =>
    lab.call('signUpStaff', { email, password: goodPassword, ...names, language })

  it('bring the link, in the language of the account', async () => {
    await signUp('deutsch@example.org', 'de')
    await lab.job('mails')
    const [mail] = smtp.received
    expect(mail).toMatchObject({ from: 'matchday@matchday.test', to: 'deutsch@example.org' })
    expect(mail!.data).toContain('Matchday')
    expect(mail!.data).toContain('Bitte diesen Link')
    const text = mail!.data.replace(/=\n/g, '').replaceAll('=3D', '=')
    const [, token] = /https:\/\/matchday\.test\/office\/confirm#(\S+)/.exec(text) ?? []
    expect(codeOf(await lab.call('confirmStaffEmail', { token: token!, password: goodPassword }))).toBe('ok')
    // What was sent is not sent again, and not shown to anybody.
    await lab.job('mails')
    expect(smtp.received).toHaveLength(1)
    expect(lab.notices).toEqual([])
    expect(codeOf(await lab.call('listStaffMails'))).toBe('not-found')
  })

  it('are tried again, later each time, until their link is over', async () => {
    await signUp('refused@example.org')
    smtp.refuse(true)
    await lab.job('mails')
    await lab.job('mails')
    const tries = async () => (await lab.rows<{ tries: number }>('select tries from mails', []))[0]?.tries
    expect(await tries()).toBe(1)
    lab.advance(10_000)
    await lab.job('mails')
    await lab.job('mails')
    expect(await tries()).toBe(2)
    smtp.refuse(false)
    lab.advance(30_000)
    await lab.job('mails')
    expect(smtp.received).toHaveLength(1)

    await signUp('given-up@example.org')
    smtp.refuse(true)
    await lab.job('mails')
    lab.advance(24 * 60 * minute)
    smtp.refuse(false)
    await lab.job('mails')
    expect(smtp.received).toHaveLength(1)
  })

  it('whose server is away are tried again, and nothing personal is logged', async () => {
    await signUp('secret-address@example.org')
    smtp.refuse(true)
    await lab.job('mails')
    const nowhere = await openIdentityLab({
      database: lab.database,
      clock: lab.clock,
      smtp: { url: 'smtp://127.0.0.1:1', from: 'matchday@matchday.test' },
    })
    try {
      lab.advance(10_000)
      await nowhere.job('mails')
      expect(await lab.rows('select tries from mails', [])).toEqual([{ tries: 2 }])
    } finally {
      await nowhere.close()
    }
    expect(logged.join()).toContain('was not taken by the mail server')
    expect(logged.join()).not.toMatch(/secret-address|confirm#/)
  })

  it('of a process that died with them are sent by another one', async () => {
    await signUp('orphan@example.org')
    // As if it had been taken and never sent.
    await lab.rows(`update mails set next_try_at = $1, tries = 1`, [new Date(lab.clock.now() + 2 * minute)])
    await lab.job('mails')
    expect(smtp.received).toHaveLength(0)
    lab.advance(2 * minute)
    await lab.job('mails')
    expect(smtp.received).toHaveLength(1)
  })

  it('are sent once by two instances that send at once', async () => {
    const other = await openIdentityLab({
      database: lab.database,
      clock: lab.clock,
      smtp: { url: smtp.url, from: 'matchday@matchday.test' },
    })
    try {
      for (let mail = 0; mail < 30; mail++) await signUp(`many-${mail}@example.org`)
      const isMore = await Promise.all([lab.job('mails'), other.job('mails')])
      expect(isMore).toContain(true)
      await Promise.all([lab.job('mails'), other.job('mails')])
      expect(smtp.received.map(({ to }) => to).sort()).toEqual(
        Array.from({ length: 30 }, (_, mail) => `many-${mail}@example.org`).sort(),
      )
    } finally {
      await other.close()
    }
  })
})

describe('mails without a mail server', () => {
  it('are handed to whoever runs the server, and listed until an hour after', async () => {
    const lab = await openIdentityLab()
    try {
      await register(lab, 'a@example.org')
      await lab.call('requestStaffReset', { email: 'a@example.org' })
      await lab.call('requestStaffReset', { email: 'nobody@example.org' })
      await lab.job('mails')
      const { link } = lab.notices.at(-1)!
      expect(link).toMatch(/^https:\/\/matchday\.test\/office\/reset#/)
      const page = bodyOf<{ items: { to: string; text: string }[] }>(await lab.call('listStaffMails'))
      expect(page.items).toMatchObject([{ to: 'a@example.org', text: expect.stringContaining(link!) }])
      lab.advance(60 * minute + 1)
      await lab.job('tidy-up')
      expect(await lab.rows('select 1 from mails', [])).toEqual([])
    } finally {
      await lab.close()
    }
  })
})

describe('what is over', () => {
  it('is deleted, and nothing else', async () => {
    const lab = await openIdentityLab()
    try {
      const person = await register(lab, 'stays@example.org')
      await lab.call('signUpStaff', {
        email: 'never-confirmed@example.org',
        password: goodPassword,
        ...names,
      })
      await lab.call('requestStaffReset', { email: person.email })
      await lab.call('signOutStaff', {}, { by: person.caller })
      const [session] = [await register(lab, 'session@example.org')]
      await lab.rows('insert into oidc_attempts (id, expires_at) values (gen_random_uuid(), $1)', [
        new Date(lab.clock.now()),
      ])
      const counts = async () => {
        const tables = [
          'accounts',
          'sessions',
          'sign_ups',
          'reset_links',
          'revocations',
          'mails',
          'oidc_attempts',
          'budgets',
        ]
        const found: Record<string, number> = {}
        for (const table of tables) {
          const [row] = await lab.rows<{ count: number }>(
            `select count(*)::integer as count from ${table}`,
            [],
          )
          found[table] = row!.count
        }
        return found
      }
      await lab.job('tidy-up')
      const before = await counts()
      expect(before).toMatchObject({
        accounts: 2,
        sessions: 1,
        sign_ups: 1,
        reset_links: 1,
        revocations: 1,
        mails: 2,
      })
      expect(before.budgets).toBeGreaterThan(0)
      lab.advance(20 * minute)
      await lab.job('tidy-up')
      expect(await counts()).toMatchObject({ revocations: 0, sign_ups: 1, sessions: 1 })
      lab.advance(2 * 24 * 60 * minute)
      await lab.job('tidy-up')
      expect(await counts()).toEqual({
        accounts: 2,
        sessions: 1,
        sign_ups: 0,
        reset_links: 0,
        revocations: 0,
        mails: 0,
        oidc_attempts: 0,
        budgets: 0,
      })
      lab.advance(6 * 24 * 60 * minute)
      await lab.job('tidy-up')
      expect(await counts()).toMatchObject({ accounts: 2, sessions: 0 })
      expect(codeOf(await lab.call('renewStaffSession', { refreshToken: session!.refreshToken }))).toBe(
        'session-ended',
      )
    } finally {
      await lab.close()
    }
  })
})
