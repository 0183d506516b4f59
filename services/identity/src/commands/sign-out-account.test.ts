import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { makeAdministrator, type Person, register, setUp, signInAs } from '../testing/people.ts'

type SignOut = { id: string; by: string; accountId: string; email: string | null }

describe('accounts that an administrator signs out', () => {
  let staff: IdentityLab
  let players: IdentityLab
  let root: Person
  let admin: Person

  beforeAll(async () => {
    staff = await openIdentityLab()
    players = await openIdentityLab({ realm: 'players' })
    root = await setUp(staff)
    await register(staff, 'admin@example.org')
    admin = await makeAdministrator(staff, root, 'admin@example.org')
  })
  afterAll(async () => {
    await staff.close()
    await players.close()
  })

  const signOut = async (email: string, by = admin) =>
    codeOf(await staff.call('signOutStaffAccount', { email }, { by: by.caller }))
  const signOutsOf = async (lab: IdentityLab, name: string, page = {}) =>
    bodyOf<{ items: SignOut[]; next: string | null }>(await lab.call(name, page, { by: admin.caller }))

  it('of organisers’ people lose every session and token; the password stays', async () => {
    const person = await register(staff, 'lost.phone@example.org')
    const other = await signInAs(staff, person.email)
    const neighbour = await register(staff, 'neighbour@example.org')
    expect(await signOut(' Lost.Phone@EXAMPLE.org ')).toBe('ok')
    for (const { caller, refreshToken } of [person, other]) {
      expect(codeOf(await staff.call('getStaffProfile', {}, { by: caller }))).toBe('not-authenticated')
      expect(codeOf(await staff.call('renewStaffSession', { refreshToken }))).toBe('session-ended')
    }
    expect((await staff.events(person.accountId)).at(-1)).toMatchObject({
      type: 'sessions-ended',
      data: { generation: 2 },
    })
    expect(codeOf(await staff.call('getStaffProfile', {}, { by: neighbour.caller }))).toBe('ok')
    await signInAs(staff, person.email)
  })

  it('of players do too, by whom the edge knows as an administrator', async () => {
    const player = await register(players, 'player@example.org', { realm: 'players' })
    const { email } = player
    const by = admin.caller
    expect(codeOf(await players.call('signOutPlayerAccount', { email }, { by: player.caller }))).toBe(
      'not-allowed',
    )
    expect(codeOf(await players.call('getPlayerProfile', {}, { by: player.caller }))).toBe('ok')
    expect(codeOf(await players.call('signOutPlayerAccount', { email }, { by }))).toBe('ok')
    expect(codeOf(await players.call('getPlayerProfile', {}, { by: player.caller }))).toBe(
      'not-authenticated',
    )
    expect((await signOutsOf(players, 'listPlayerSignOuts')).items).toMatchObject([
      { by: admin.accountId, accountId: player.accountId, email },
    ])
  })

  it('are no administrators, but for those who are junior to whoever asks', async () => {
    expect(await signOut(root.email)).toBe('not-junior')
    expect(await signOut(admin.email)).toBe('not-junior')
    expect(await signOut(root.email, root)).toBe('not-junior')
    expect(codeOf(await staff.call('getStaffProfile', {}, { by: admin.caller }))).toBe('ok')
    await register(staff, 'junior@example.org')
    const junior = await makeAdministrator(staff, root, 'junior@example.org')
    expect(await signOut(junior.email, root)).toBe('ok')
    expect(codeOf(await staff.call('listAdministrators', {}, { by: junior.caller }))).toBe(
      'not-authenticated',
    )
  })

  it('are told apart from addresses that nobody has', async () => {
    expect(await signOut(`${newId()}@example.org`)).toBe('not-found')
  })

  it('are on record, by pages; who is gone is there without an address', async () => {
    const { email, accountId } = await register(staff, 'leaves@example.org')
    expect(await signOut(email, root)).toBe('ok')
    const again = await signInAs(staff, email)
    const all = (await signOutsOf(staff, 'listStaffSignOuts')).items
    expect(all[0]).toMatchObject({ by: root.accountId, accountId, email })
    const pages: SignOut[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page = await signOutsOf(staff, 'listStaffSignOuts', { limit: 1, ...(after && { after }) })
      expect(page.items).toHaveLength(1)
      pages.push(...page.items)
      after = page.next
    }
    expect(pages).toEqual(all)
    await staff.rows('delete from accounts where id = $1', [again.accountId])
    expect((await signOutsOf(staff, 'listStaffSignOuts')).items[0]).toEqual({ ...all[0], email: null })
  })
})
