import { decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { goodPassword, type Person, register, type SessionBody, setUp, signInAs } from '../testing/people.ts'

describe('signing in', () => {
  let lab: IdentityLab
  beforeAll(async () => {
    lab = await openIdentityLab({ budgets: { accountFailuresMax: 1_000, addressFailuresMax: 1_000 } })
  })
  afterAll(() => lab.close())

  it('gives tokens that anybody can check with the public keys', async () => {
    const root = await register(lab, 'first@example.org')
    const keys = bodyOf<{ keys: JWK[] }>(await lab.call('getStaffKeys')).keys
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toHaveProperty('d')
    expect(decodeProtectedHeader(root.accessToken)).toEqual({
      alg: 'EdDSA',
      typ: 'at+jwt',
      kid: keys[0]!.kid,
    })
    const { payload } = await jwtVerify(root.accessToken, await importJWK(keys[0]!, 'EdDSA'), {
      currentDate: new Date(lab.clock.now()),
    })
    const now = Math.floor(lab.clock.now() / 1_000)
    expect(payload).toEqual({
      iss: 'matchday/staff',
      aud: 'matchday',
      sub: root.accountId,
      sid: root.sessionId,
      gen: expect.any(Number),
      iat: now,
      exp: now + 600,
    })
    expect(Date.parse(root.accessExpiresAt)).toBe((now + 600) * 1_000)
  })

  it('answers a wrong password and an unknown address alike', async () => {
    await register(lab, 'somebody@example.org')
    const wrong = await lab.call('signInStaff', { email: 'somebody@example.org', password: 'wrong' })
    const unknown = await lab.call('signInStaff', { email: 'nobody@example.org', password: 'wrong' })
    expect(wrong).toEqual({ kind: 'rejected', code: 'wrong-credentials' })
    expect(unknown).toEqual(wrong)
  })

  it('takes a password however its accents are typed', async () => {
    await register(lab, 'accent@example.org', { password: 'très difficile à deviner' })
    await signInAs(lab, 'accent@example.org', { password: 'très difficile à deviner'.normalize('NFD') })
  })

  it('begins a session each time, for the same request too', async () => {
    await register(lab, 'twice@example.org')
    const body = { email: 'twice@example.org', password: goodPassword }
    const id = '01900000-0000-7000-8000-000000000001'
    const first = bodyOf<SessionBody>(await lab.call('signInStaff', body, { id }))
    const again = bodyOf<SessionBody>(await lab.call('signInStaff', body, { id }))
    expect(again.sessionId).not.toBe(first.sessionId)
    // A request's id is no secret: it alone gives nobody anything.
    const stranger = await lab.call('signInStaff', { ...body, password: 'wrong' }, { id })
    expect(codeOf(stranger)).toBe('wrong-credentials')
    const kept = await lab.rows('select 1 from answers where id like $1', [`%${id}`])
    expect(kept).toEqual([])
  })

  it('ends the session that he came with, whosever it was, and no other one', async () => {
    const mine = await register(lab, 'leaving@example.org')
    const elsewhere = await signInAs(lab, mine.email)
    const other = await register(lab, 'coming@example.org')
    const begin = (by: Person, email: string, password = goodPassword) =>
      lab.call('signInStaff', { email, password }, { by: by.caller })
    const left = async () =>
      (
        await lab.rows<{ id: string }>('select id from sessions where id = any ($1)', [
          [mine.sessionId, elsewhere.sessionId, other.sessionId],
        ])
      ).map(({ id }) => id)

    expect(codeOf(await begin(mine, other.email, 'wrong'))).toBe('wrong-credentials')
    expect(await left()).toHaveLength(3)
    const begun = bodyOf<SessionBody>(await begin(mine, other.email))
    expect(begun.accountId).toBe(other.accountId)
    expect((await left()).sort()).toEqual([elsewhere.sessionId, other.sessionId].sort())
    expect((await lab.events(other.accountId)).at(-1)).toMatchObject({
      type: 'session-ended',
      data: { sessionId: mine.sessionId },
    })
    const ended = bodyOf<{ sessions: string[] }>(await lab.internal('listRevocations')).sessions
    expect(ended).toContain(mine.sessionId)
    // For the answer that was lost: what has ended already is no hindrance.
    expect(codeOf(await begin(mine, other.email))).toBe('ok')
  })

  it('keeps at most fifty sessions of an account; the longest unused make room', async () => {
    const { accountId, sessionId } = await register(lab, 'many@example.org')
    for (let session = 0; session < 50; session++) {
      lab.advance(1_000)
      await signInAs(lab, 'many@example.org')
    }
    const left = await lab.rows('select 1 from sessions where account_id = $1', [accountId])
    expect(left).toHaveLength(50)
    const events = await lab.events(accountId)
    expect(events.at(-1)).toMatchObject({ type: 'session-ended', data: { sessionId } })
  })

  it('hashes anew when more work is asked for than when the password was set', async () => {
    const { email } = await register(lab, 'old-hash@example.org')
    const hashOf = async () => {
      const [row] = await lab.rows<{ hash: string }>(
        'select password_hash as hash from accounts where email = $1',
        [email],
      )
      return row!.hash
    }
    const before = await hashOf()
    const dearer = await openIdentityLab({ database: lab.database, hashing: { memoryKib: 128, passes: 2 } })
    try {
      expect(codeOf(await dearer.call('signInStaff', { email, password: 'wrong' }))).toBe('wrong-credentials')
      expect(await hashOf()).toBe(before)
      await signInAs(dearer, email)
      const after = await hashOf()
      expect(after).toMatch(/m=128,t=2,p=1/)
      await signInAs(dearer, email)
      expect(await hashOf()).toBe(after)
    } finally {
      await dearer.close()
    }
  })

  it('says that it is busy rather than let everybody wait', async () => {
    const busy = await openIdentityLab({
      database: lab.database,
      hashing: { hashesAtOnceMax: 1, hashesWaitingMax: 1, memoryKib: 19_456, passes: 2 },
    })
    try {
      const email = 'flood@example.org'
      const replies = await Promise.all(
        Array.from({ length: 12 }, (_, guess) =>
          busy.call('signInStaff', { email, password: `guess ${guess}` }, { address: `198.51.100.${guess}` }),
        ),
      )
      const codes = replies.map(codeOf)
      expect(codes).toContain('wrong-credentials')
      expect(replies).toContainEqual({ kind: 'rejected', code: 'too-many-requests', retryAfterS: 2 })
      // What was not tried does not count.
      const [failed] = await busy.rows<{ failed: number }>(
        'select max(failed)::integer as failed from budgets where pending = 0',
        [],
      )
      expect(failed!.failed).toBeGreaterThanOrEqual(
        codes.filter((code) => code === 'wrong-credentials').length,
      )
      const pending = await busy.rows('select 1 from budgets where pending > 0', [])
      expect(pending).toEqual([])
    } finally {
      await busy.close()
    }
  })

  it('is refused when the password was changed while it was being tried', async () => {
    const { email, accountId } = await register(lab, 'changing@example.org')
    const entry = lab.definition.handlers.signInStaff
    if (entry?.kind !== 'row-command') throw new Error('a row command')
    const context = { rows: lab.rows, caller: { kind: 'anyone' }, address: undefined } as never
    const facts = await entry.handler.prepare({ email, password: goodPassword }, context)
    await lab.rows(`update accounts set password_hash = 'another' where id = $1`, [accountId])
    const reply = await entry.handler.run(
      { query: lab.rows } as never,
      { input: {}, caller: { kind: 'anyone' }, now: new Date().toISOString(), facts } as never,
    )
    expect(reply).toEqual({ kind: 'rejected', code: 'wrong-credentials' })
  })
})

describe('the superadmin of the configuration', () => {
  const superadmin = { email: 'root@example.org', password: 'set by the configuration' }

  it('is made once, and keeps the password that he has changed', async () => {
    const lab = await openIdentityLab({ superadmin })
    const other = await openIdentityLab({ superadmin, database: lab.database })
    try {
      await Promise.all([lab.job('first-account'), other.job('first-account')])
      const root = await signInAs(lab, superadmin.email, superadmin)
      const newPassword = 'changed by himself since'
      const change = { oldPassword: superadmin.password, newPassword }
      bodyOf(
        await lab.call('changeStaffPassword', change, {
          by: { ...root.caller, platformRole: 'superadmin' } as never,
        }),
      )
      lab.advance(120_000)
      other.advance(120_000)
      await lab.job('first-account')
      await other.job('first-account')
      await signInAs(lab, superadmin.email, { password: newPassword })
      expect(codeOf(await lab.call('signInStaff', superadmin))).toBe('wrong-credentials')
      const accounts = await lab.rows<{ role: string }>('select platform_role as role from accounts', [])
      expect(accounts).toEqual([{ role: 'superadmin' }])
    } finally {
      await other.close()
      await lab.close()
    }
  })

  it('must obey the rules that are everybody’s', async () => {
    for (const bad of [{ email: 'nobody' }, { password: 'tiny secret' }, { password: '123456789qwerty' }]) {
      const made = openIdentityLab({ superadmin: { ...superadmin, ...bad } })
      await expect(made, JSON.stringify(bad)).rejects.toMatchObject({ code: 'bad-configuration' })
      await made.catch((error: Error) => expect(error.message).not.toContain(bad.password ?? bad.email))
    }
  })

  it('makes the setup link needless', async () => {
    const lab = await openIdentityLab({ superadmin, registration: 'closed' })
    try {
      await lab.job('first-account')
      expect(lab.setupLinks).toEqual([])
      await expect(setUp(lab)).rejects.toThrow('no link')
    } finally {
      await lab.close()
    }
  })
})
