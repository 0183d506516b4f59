import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import {
  callerOf,
  goodPassword,
  mailedToken,
  makeAdministrator,
  type Person,
  register,
  setUp,
  signInAs,
} from '../testing/people.ts'

const soleOwners = new Set<string>()
const answers = {
  listSoleOwnerships: ({ accountId }: { accountId: string }) => ({
    organizationIds: soleOwners.has(accountId) ? [newId()] : [],
  }),
}
const names = { firstName: 'Grace', lastName: 'Hopper' }

describe('administrators', () => {
  let lab: IdentityLab
  let open: IdentityLab
  let root: Person
  let admin: Person

  beforeAll(async () => {
    lab = await openIdentityLab({ answers, registration: 'closed' })
    open = await openIdentityLab({ answers, registration: 'open', database: lab.database, clock: lab.clock })
    root = await setUp(lab)
    await register(open, 'admin@example.org')
    admin = await makeAdministrator(lab, root, 'admin@example.org')
  })
  afterAll(async () => {
    await open.close()
    await lab.close()
  })

  const changesOf = async (accountId: string) =>
    bodyOf<{ items: { change: string; by: string; after: unknown }[] }>(
      await lab.call('listAdministratorChanges', { accountId }, { by: root.caller }),
    ).items

  it('are made of people who have an account: their sessions end, for their tokens say nothing of it', async () => {
    const person = await register(open, 'promoted@example.org')
    const reply = await lab.call(
      'addAdministrator',
      { email: 'PROMOTED@example.org', ...names },
      { by: root.caller },
    )
    expect(reply).toMatchObject({ body: { accountId: person.accountId } })
    expect((await lab.events(person.accountId)).slice(-2)).toMatchObject([
      { type: 'sessions-ended', data: { generation: 2 } },
      { type: 'platform-role-changed', data: { role: 'admin' } },
    ])
    expect(codeOf(await lab.call('getStaffProfile', {}, { by: person.caller }))).toBe('not-authenticated')
    const again = await signInAs(lab, person.email)
    expect(JSON.parse(Buffer.from(again.accessToken.split('.')[1]!, 'base64url').toString()).role).toBe(
      'admin',
    )
    expect(await changesOf(person.accountId)).toMatchObject([
      { change: 'added', by: root.accountId, after: { email: person.email, role: 'admin' } },
    ])
    // His own names stay.
    expect(await lab.call('getStaffProfile', {}, { by: again.caller })).toMatchObject({
      body: { firstName: 'Ada', platformRole: 'admin' },
    })
    expect(
      codeOf(await lab.call('addAdministrator', { email: person.email, ...names }, { by: root.caller })),
    ).toBe('already-member')
  })

  it('or are named: then they set a password by the link of a mail', async () => {
    const email = 'named@example.org'
    const { accountId } = bodyOf<{ accountId: string }>(
      await lab.call('addAdministrator', { email, ...names }, { by: root.caller }),
    )
    expect((await lab.events(accountId)).map(({ type }) => type)).toEqual([
      'account-created',
      'platform-role-changed',
    ])
    expect(codeOf(await lab.call('signInStaff', { email, password: goodPassword }))).toBe('wrong-credentials')
    const token = await mailedToken(lab, email)
    expect(codeOf(await lab.call('resetStaffPassword', { token, newPassword: goodPassword }))).toBe('ok')
    await signInAs(lab, email)
  })

  it('two who name the same person at once make one account', async () => {
    const email = 'raced@example.org'
    const codes = await Promise.all(
      [lab, open].map(async (at) =>
        codeOf(await at.call('addAdministrator', { email, ...names }, { by: root.caller })),
      ),
    )
    expect(codes.sort()).toEqual(['already-member', 'ok'])
  })

  it('are changed and removed by their seniors alone', async () => {
    const email = 'junior@example.org'
    const { accountId } = bodyOf<{ accountId: string }>(
      await lab.call('addAdministrator', { email, ...names }, { by: root.caller }),
    )
    const change = { accountId, firstName: '  Amazing ', phone: '+1 555 0100' }
    expect(codeOf(await lab.call('changeAdministrator', change, { by: root.caller }))).toBe('ok')
    expect(await changesOf(accountId)).toMatchObject([
      { change: 'changed', after: { firstName: 'Amazing', phone: '+1 555 0100' } },
      { change: 'added' },
    ])
    expect(JSON.stringify(await changesOf(accountId))).not.toMatch(/password|hash/i)

    for (const operation of ['changeAdministrator', 'removeAdministrator']) {
      const on = async (target: string, by: Person) =>
        codeOf(await lab.call(operation, { accountId: target }, { by: by.caller }))
      expect(await on(root.accountId, root), operation).toBe('not-junior')
      expect(await on(accountId, admin), operation).toBe('not-allowed')
      expect(await on(newId(), root), operation).toBe('not-found')
      const nobody = await register(open, `${operation}@example.org`)
      expect(await on(nobody.accountId, root), operation).toBe('not-found')
    }

    soleOwners.add(accountId)
    const remove = () => lab.call('removeAdministrator', { accountId }, { by: root.caller })
    expect(codeOf(await remove())).toBe('last-owner')
    soleOwners.delete(accountId)
    expect(codeOf(await remove())).toBe('ok')
    expect(codeOf(await remove())).toBe('not-found')
    expect((await lab.events(accountId)).at(-1)).toMatchObject({ type: 'account-deleted' })
    expect((await changesOf(accountId)).map(({ change: what }) => what)).toEqual([
      'removed',
      'changed',
      'added',
    ])
  })

  it('a role in a token that is not that of the account any more opens nothing', async () => {
    const person = await register(open, 'pretender@example.org')
    for (const role of ['admin', 'superadmin'] as const) {
      const by = callerOf('staff', person, role)
      expect(codeOf(await lab.call('listAdministrators', {}, { by })), role).toBe('not-allowed')
      expect(
        codeOf(await lab.call('addAdministrator', { email: 'x@example.org', ...names }, { by })),
        role,
      ).toBe('not-allowed')
    }
    const superior = callerOf('staff', admin, 'superadmin')
    expect(
      codeOf(await lab.call('removeAdministrator', { accountId: root.accountId }, { by: superior })),
    ).toBe('not-allowed')
  })

  it('are listed for each other, by pages', async () => {
    const first = bodyOf<{ items: { accountId: string; role: string }[]; next: string }>(
      await lab.call('listAdministrators', { limit: 2 }, { by: admin.caller }),
    )
    expect(first.items).toHaveLength(2)
    const rest = bodyOf<{ items: { accountId: string; role: string }[] }>(
      await lab.call('listAdministrators', { after: first.next }, { by: admin.caller }),
    )
    const all = [...first.items, ...rest.items]
    expect(all).toContainEqual(expect.objectContaining({ accountId: root.accountId, role: 'superadmin' }))
    expect(new Set(all.map(({ accountId }) => accountId)).size).toBe(all.length)
  })

  it('what an administrator changes in his own account is on record too', async () => {
    bodyOf(await lab.call('changeStaffProfile', { lastName: 'Renamed' }, { by: admin.caller }))
    expect((await changesOf(admin.accountId))[0]).toMatchObject({
      change: 'changed',
      by: admin.accountId,
      after: { lastName: 'Renamed' },
    })
  })

  it('there are at most a hundred', async () => {
    await lab.rows(
      `insert into accounts (id, email, email_key, first_name, last_name, language, created_at, platform_role)
        select gen_random_uuid(), n || '@many', n || '@many', 'A', 'B', 'en', now(), 'admin'
        from generate_series(1, 100 - (select count(*)::integer from accounts where platform_role is not null)) n`,
      [],
    )
    const reply = await lab.call(
      'addAdministrator',
      { email: 'one-too-many@example.org', ...names },
      { by: root.caller },
    )
    expect(codeOf(reply)).toBe('limit-reached')
    await lab.rows(`delete from accounts where email like '%@many'`, [])
  })
})
