import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyColumn } from '../testing/every-column.ts'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { callerOf, goodPassword, makeAdministrator, register, setUp, signInAs } from '../testing/people.ts'

const soleOwners = new Set<string>()
const answers = {
  listSoleOwnerships: ({ accountId }: { accountId: string }) => ({
    organizationIds: soleOwners.has(accountId) ? [newId()] : [],
  }),
}

describe('deleting an account', () => {
  let lab: IdentityLab
  beforeAll(async () => {
    lab = await openIdentityLab({ answers, registration: 'approved' })
  })
  afterAll(() => lab.close())

  it('needs the password, and leaves nothing but ids', async () => {
    const email = 'gone.person@example.org'
    const person = await register(lab, email)
    await signInAs(lab, email)
    const { caller: by, accountId } = person
    await lab.call('changeStaffProfile', { firstName: 'Unforgettable', phone: '+49 30 1234567' }, { by })
    await lab.call('requestStaffReset', { email })
    await lab.call('signUpStaff', { email, password: goodPassword, firstName: 'Second', lastName: 'Try' })
    await lab.rows('insert into oidc_identities (issuer, subject, account_id) values ($1, $2, $3)', [
      'https://issuer.test',
      'subject-of-his',
      accountId,
    ])
    expect(codeOf(await lab.call('deleteStaffAccount', {}, { by }))).toBe('wrong-password')
    expect(codeOf(await lab.call('deleteStaffAccount', { password: 'wrong' }, { by }))).toBe('wrong-password')
    const before = await everyColumn(lab)
    // The control: it is there to be found before.
    for (const personal of [email, 'Unforgettable', '1234567', 'subject-of-his', 'Second']) {
      expect(before, personal).toContain(personal)
    }
    const id = newId()
    expect(codeOf(await lab.call('deleteStaffAccount', { password: goodPassword }, { by, id }))).toBe('ok')
    const after = await everyColumn(lab)
    for (const personal of [
      email,
      'gone.person',
      'Unforgettable',
      '1234567',
      'subject-of-his',
      'Second',
      'Lovelace',
    ]) {
      expect(after, personal).not.toContain(personal)
    }
    expect((await lab.events(accountId)).slice(-2)).toMatchObject([
      { type: 'sessions-ended' },
      { type: 'account-deleted', data: {} },
    ])
    expect(await lab.internal('listRevocations')).toMatchObject({
      body: { accounts: expect.arrayContaining([{ accountId, generation: 2 }]) },
    })
    expect(codeOf(await lab.call('getStaffProfile', {}, { by }))).toBe('not-authenticated')
    expect(codeOf(await lab.call('signInStaff', { email, password: goodPassword }))).toBe('wrong-credentials')
    // The answer may have been lost.
    expect(codeOf(await lab.call('deleteStaffAccount', { password: goodPassword }, { by, id }))).toBe('ok')
    // The address is free again.
    const next = await register(lab, email, { address: '192.0.2.50' })
    expect(next.accountId).not.toBe(accountId)
  })

  it('waits for another owner of his organisation', async () => {
    const person = await register(lab, 'owner@example.org')
    soleOwners.add(person.accountId)
    const deleted = () => lab.call('deleteStaffAccount', { password: goodPassword }, { by: person.caller })
    expect(codeOf(await deleted())).toBe('last-owner')
    soleOwners.delete(person.accountId)
    expect(codeOf(await deleted())).toBe('ok')
  })

  it('is not done while the organisations can’t be asked', async () => {
    const alone = await openIdentityLab({ database: lab.database, clock: lab.clock })
    try {
      const person = await register(alone, 'unasked@example.org')
      const reply = await alone.call('deleteStaffAccount', { password: goodPassword }, { by: person.caller })
      expect(reply).toMatchObject({ kind: 'fault', code: 'unavailable' })
      await signInAs(alone, person.email)
    } finally {
      await alone.close()
    }
  })

  it('without a password it needs a session that has just begun', async () => {
    const person = await register(lab, 'oidc-only@example.org')
    await lab.rows('update accounts set password_hash = null where id = $1', [person.accountId])
    lab.advance(10 * 60_000 + 1)
    const deleted = () => lab.call('deleteStaffAccount', {}, { by: person.caller })
    expect(codeOf(await deleted())).toBe('wrong-password')
    await lab.rows('update sessions set began_at = $2 where id = $1', [
      person.sessionId,
      new Date(lab.clock.now() - 10 * 60_000),
    ])
    expect(codeOf(await deleted())).toBe('ok')
  })
})

describe('the last superadmin', () => {
  it('stays while others are there, and may go alone', async () => {
    const lab = await openIdentityLab({ answers, registration: 'closed' })
    try {
      const root = await setUp(lab)
      await lab.rows(
        `insert into accounts (id, email, email_key, first_name, last_name, language, created_at, password_hash)
          select gen_random_uuid(), 'x@example.org', 'x@example.org', 'X', 'Y', 'de', now(), password_hash from accounts`,
        [],
      )
      const deleted = () => lab.call('deleteStaffAccount', { password: goodPassword }, { by: root.caller })
      expect(codeOf(await deleted())).toBe('last-owner')
      await lab.rows(`delete from accounts where email = 'x@example.org'`, [])
      expect(codeOf(await deleted())).toBe('ok')
      // Then the first account can be made once more.
      lab.advance(60_000)
      await setUp(lab)
    } finally {
      await lab.close()
    }
  })

  it('of two who go at once one stays', async () => {
    const lab = await openIdentityLab({ answers, registration: 'closed' })
    try {
      const root = await setUp(lab)
      await lab.rows(`update accounts set confirmed_at = now()`, [])
      await lab.call(
        'addAdministrator',
        { email: 'b@example.org', firstName: 'B', lastName: 'B' },
        { by: root.caller },
      )
      await lab.rows(
        `update accounts set platform_role = 'superadmin', password_hash = (
          select password_hash from accounts where id = $1) where email = 'b@example.org'`,
        [root.accountId],
      )
      await lab.rows(
        `insert into accounts (id, email, email_key, first_name, last_name, language, created_at)
          values (gen_random_uuid(), 'x@example.org', 'x@example.org', 'X', 'Y', 'de', now())`,
        [],
      )
      const second = await signInAs(lab, 'b@example.org')
      const codes = await Promise.all(
        [root.caller, callerOf('staff', second, 'superadmin')].map(async (by) =>
          codeOf(await lab.call('deleteStaffAccount', { password: goodPassword }, { by })),
        ),
      )
      expect(codes.sort()).toEqual(['last-owner', 'ok'])
    } finally {
      await lab.close()
    }
  })
})

describe('what is exported', () => {
  it('is all that is known about a player, and no hash', async () => {
    const seats = [{ tournamentId: newId(), name: 'Summer Cup' }]
    const lab = await openIdentityLab({ realm: 'players', answers: { exportSeats: () => ({ seats }) } })
    try {
      const player = await register(lab, 'p@example.org', { realm: 'players', password: 'short but mine' })
      const by = player.caller
      bodyOf(await lab.call('changePlayerProfile', { showsFullName: true, language: 'de' }, { by }))
      await lab.rows('update sessions set device = $1', ['Firefox, Linux'])
      const signOut = 'insert into sign_outs (id, at, by, account_id) values ($1, $2, $3, $4)'
      await lab.rows(signOut, [newId(), new Date('2025-05-01T10:00:00Z'), newId(), player.accountId])
      const data = bodyOf(await lab.call('exportPlayerData', {}, { by }))
      expect(data).toEqual({
        format: 'matchday-player-export-v1',
        exportedAt: new Date(lab.clock.now()).toISOString(),
        account: {
          accountId: player.accountId,
          email: 'p@example.org',
          firstName: 'Ada',
          lastName: 'Lovelace',
          language: 'de',
          showsFullName: true,
          hasPassword: true,
          createdAt: expect.any(String),
          confirmedAt: expect.any(String),
          signsInWith: [],
          signedOutAt: ['2025-05-01T10:00:00.000Z'],
        },
        sessions: [
          {
            sessionId: player.sessionId,
            device: 'Firefox, Linux',
            beganAt: expect.any(String),
            usedAt: expect.any(String),
            expiresAt: expect.any(String),
          },
        ],
        seats,
      })
      expect(JSON.stringify(data)).not.toMatch(/argon2|token/i)
      // Players own no organisation: nobody is asked.
      expect(codeOf(await lab.call('deletePlayerAccount', { password: 'short but mine' }, { by }))).toBe('ok')
    } finally {
      await lab.close()
    }
  })

  it('is not told in part when the seats can’t be asked for', async () => {
    const lab = await openIdentityLab({ realm: 'players' })
    try {
      const player = await register(lab, 'p@example.org', { realm: 'players', password: 'short but mine' })
      await expect(lab.call('exportPlayerData', {}, { by: player.caller })).rejects.toMatchObject({
        code: 'unavailable',
      })
    } finally {
      await lab.close()
    }
  })
})

describe('administrators who go', () => {
  it('leave a record of what was done, without who they were', async () => {
    const lab = await openIdentityLab({
      answers,
      registration: 'approved',
      superadmin: {
        email: 'root@example.org',
        password: 'set by the configuration',
      },
    })
    try {
      await lab.job('first-account')
      const signed = await signInAs(lab, 'root@example.org', { password: 'set by the configuration' })
      const root = { ...signed, caller: callerOf('staff', signed, 'superadmin') }
      await register(lab, 'vanishing@example.org')
      const admin = await makeAdministrator(lab, root, 'vanishing@example.org')
      expect(await everyColumn(lab)).toContain('vanishing')
      expect(
        codeOf(await lab.call('deleteStaffAccount', { password: goodPassword }, { by: admin.caller })),
      ).toBe('ok')
      expect(await everyColumn(lab)).not.toContain('vanishing')
      const changes = bodyOf<{ items: object[] }>(
        await lab.call('listAdministratorChanges', { accountId: admin.accountId }, { by: root.caller }),
      )
      expect(changes.items).toMatchObject([
        { change: 'removed', by: admin.accountId, after: null },
        { change: 'added', by: root.accountId, after: null },
      ])
    } finally {
      await lab.close()
    }
  })
})
