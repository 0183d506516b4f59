import { newId, organizationLimits } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { labOfFile } from './testing/lab-of-file.ts'
import { staff } from './testing/people.ts'
import { joined, organizationIn, previewing, tokenOf, type World } from './testing/world.ts'

const lab = await labOfFile()

const rolesIn = async ({ in: inside, owner }: World, by = owner) =>
  (await lab.ok('listMembers', { ...inside, limit: 100 }, by)).items.map((item: Record<string, string>) => [
    item.accountId,
    item.role,
  ])

describe('members', () => {
  it('are listed in the order in which they came, with their names', async () => {
    const club = await organizationIn(lab)
    const manager = await club.manager()
    const support = await club.support()
    lab.neighbours.isCalled(manager.accountId, 'Ben', 'Jones')
    const { items, next } = await lab.ok('listMembers', club.in, manager)
    expect(next).toBeNull()
    expect(items).toMatchObject([
      { accountId: club.owner.accountId, role: 'owner', firstName: null, email: null, isManageable: false },
      { role: 'manager', firstName: 'Ben', lastName: 'Jones', email: 'Ben@example.org', isManageable: false },
      { accountId: support.accountId, role: 'support', isManageable: true },
    ])
  })

  it('are listed without names while nobody can tell them', async () => {
    const club = await organizationIn(lab)
    lab.neighbours.isCalled(club.owner.accountId, 'Ann', 'Smith')
    lab.neighbours.down.add('identity-staff')
    const { items } = await lab.ok('listMembers', club.in, club.owner)
    lab.neighbours.down.clear()
    expect(items).toMatchObject([{ accountId: club.owner.accountId, role: 'owner', lastName: null }])
  })

  it('show whom the caller may manage', async () => {
    const club = await organizationIn(lab)
    const people = { owner: club.owner, manager: await club.manager(), support: await club.support() }
    const admin = await previewing(lab, club.organizationId)
    const manageable = async (by = club.owner) =>
      (await lab.ok('listMembers', club.in, by)).items
        .filter((item: { isManageable: boolean }) => item.isManageable)
        .map((item: { role: string }) => item.role)
    expect(await manageable(people.owner)).toEqual(['manager', 'support'])
    expect(await manageable(people.manager)).toEqual(['support'])
    expect(await manageable(people.support)).toEqual([])
    expect(await manageable(admin)).toEqual(['owner', 'manager', 'support'])
  })
})

describe('changing a role', () => {
  it('is told, and counts at once', async () => {
    const club = await organizationIn(lab)
    const manager = await club.manager()
    const change = { ...club.in, accountId: manager.accountId, role: 'support' }
    expect(await lab.ok('changeMember', change, club.owner)).toEqual({})
    expect(await lab.outcome('listInvitations', club.in, manager)).toBe('not-allowed')
    expect((await lab.store.eventsOf(club.organizationId, 0, 100)).at(-1)).toMatchObject({
      type: 'member-changed',
      data: { accountId: manager.accountId, role: 'support' },
    })
    // To what it is already changes nothing.
    const { version } = await lab.ok('getOrganization', club.in, club.owner)
    await lab.ok('changeMember', change, club.owner)
    expect(await lab.ok('getOrganization', club.in, club.owner)).toMatchObject({ version })
  })

  it('is for whoever is strictly senior, to roles strictly junior to his own', async () => {
    const club = await organizationIn(lab)
    const people = {
      owner: club.owner,
      other: await club.anotherOwner(),
      manager: await club.manager(),
      fellow: await club.manager(),
      support: await club.support(),
    }
    type Name = keyof typeof people
    const change = (by: Name, whom: Name, role: string) =>
      lab.outcome('changeMember', { ...club.in, accountId: people[whom].accountId, role }, people[by])
    // Nobody raises himself.
    expect(await change('manager', 'manager', 'owner')).toBe('not-junior')
    expect(await change('support', 'support', 'manager')).toBe('not-allowed')
    expect(await change('owner', 'owner', 'manager')).toBe('not-junior')
    // Nobody gives what is not junior to his own.
    expect(await change('manager', 'support', 'manager')).toBe('not-junior')
    expect(await change('owner', 'manager', 'owner')).toBe('not-junior')
    // Nobody touches his like.
    expect(await change('manager', 'fellow', 'support')).toBe('not-junior')
    expect(await change('owner', 'other', 'support')).toBe('not-junior')
    expect(await change('manager', 'owner', 'support')).toBe('not-junior')
    expect(await change('owner', 'support', 'manager')).toBe('ok')
    expect(await change('owner', 'fellow', 'support')).toBe('ok')
    const stranger = { ...club.in, accountId: newId(), role: 'support' }
    expect(await lab.outcome('changeMember', stranger, people.owner)).toBe('not-found')
  })

  it('to owner is for administrators in preview, and not for themselves', async () => {
    const club = await organizationIn(lab)
    const manager = await club.manager()
    const admin = await previewing(lab, club.organizationId)
    await joined(lab, club.organizationId, club.owner, 'support', admin)
    const change = (accountId: string, role: string) =>
      lab.outcome('changeMember', { ...club.in, accountId, role }, admin)
    expect(await change(admin.accountId, 'owner')).toBe('not-junior')
    expect(await change(club.owner.accountId, 'manager')).toBe('last-owner')
    expect(await change(manager.accountId, 'owner')).toBe('ok')
    expect(await change(club.owner.accountId, 'manager')).toBe('ok')
    expect(await change(manager.accountId, 'support')).toBe('last-owner')
  })

  it('takes back invitations that could no longer be written', async () => {
    const club = await organizationIn(lab)
    const manager = await club.manager()
    const token = await tokenOf(lab, club.organizationId, manager, 'support')
    const others = await tokenOf(lab, club.organizationId, club.owner, 'support')
    const change = { ...club.in, accountId: manager.accountId }
    await lab.ok('changeMember', { ...change, role: 'support' }, club.owner)
    expect(await lab.outcome('acceptInvitation', { token }, staff())).toBe('link-expired')
    expect(await lab.outcome('acceptInvitation', { token: others }, staff())).toBe('ok')
  })
})

describe('removing a member', () => {
  it('is for whoever is strictly senior', async () => {
    const club = await organizationIn(lab)
    const people = {
      owner: club.owner,
      other: await club.anotherOwner(),
      manager: await club.manager(),
      fellow: await club.manager(),
      support: await club.support(),
      colleague: await club.support(),
    }
    type Name = keyof typeof people
    const remove = (by: Name, whom: Name) =>
      lab.outcome('removeMember', { ...club.in, accountId: people[whom].accountId }, people[by])
    expect(await remove('support', 'colleague')).toBe('not-junior')
    expect(await remove('support', 'owner')).toBe('not-junior')
    expect(await remove('manager', 'fellow')).toBe('not-junior')
    expect(await remove('manager', 'owner')).toBe('not-junior')
    expect(await remove('owner', 'other')).toBe('not-junior')
    expect(await remove('manager', 'support')).toBe('ok')
    expect(await remove('manager', 'support')).toBe('not-found')
    expect(await remove('owner', 'fellow')).toBe('ok')
    expect(await rolesIn(club)).toHaveLength(4)
    expect((await lab.store.eventsOf(club.organizationId, 0, 100)).at(-1)).toMatchObject({
      type: 'member-removed',
      data: { accountId: people.fellow.accountId },
    })
  })

  it('also means leaving, for everybody but the last owner', async () => {
    const club = await organizationIn(lab)
    const leave = (who = club.owner) =>
      lab.outcome('removeMember', { ...club.in, accountId: who.accountId }, who)
    const other = await club.anotherOwner()
    expect(await leave(await club.support())).toBe('ok')
    expect(await leave(await club.manager())).toBe('ok')
    expect(await leave(other)).toBe('ok')
    expect(await leave(other)).toBe('not-found')
    expect(await leave()).toBe('last-owner')
    const admin = await previewing(lab, club.organizationId)
    const remove = { ...club.in, accountId: club.owner.accountId }
    expect(await lab.outcome('removeMember', remove, admin)).toBe('last-owner')
    expect(await rolesIn(club)).toEqual([[club.owner.accountId, 'owner']])
  })

  it('takes his open invitations back: nobody comes in again by his own', async () => {
    const club = await organizationIn(lab)
    const manager = await club.manager()
    const token = await tokenOf(lab, club.organizationId, manager, 'support')
    await lab.ok('removeMember', { ...club.in, accountId: manager.accountId }, club.owner)
    expect(await lab.outcome('acceptInvitation', { token }, manager)).toBe('link-expired')
  })
})

describe('an account', () => {
  it('belongs to so many organisations, and no more', async () => {
    const ann = staff()
    for (let count = 1; count < organizationLimits.organizationsPerAccountMax; count++) {
      await lab.ok('registerOrganization', { name: `Club ${newId()}` }, ann)
    }
    const club = await organizationIn(lab)
    const tokens = [1, 2].map(() => tokenOf(lab, club.organizationId, club.owner, 'support'))
    await lab.ok('acceptInvitation', { token: await tokens[0]! }, ann)
    const other = await organizationIn(lab)
    const token = await tokenOf(lab, other.organizationId, other.owner, 'support')
    expect(await lab.outcome('acceptInvitation', { token }, ann)).toBe('limit-reached')
    expect(await lab.outcome('registerOrganization', { name: `Club ${newId()}` }, ann)).toBe('limit-reached')
    // What was refused is still there for somebody else.
    expect(await lab.outcome('acceptInvitation', { token }, staff())).toBe('ok')
  })
})

it('an organisation has so many members, and no more', async () => {
  const club = await organizationIn(lab)
  await lab.tables.rows(
    `insert into members (member_id, organization_id, account_id, role, since)
     select gen_random_uuid(), $1, gen_random_uuid(), 'support', now() from generate_series(3, $2)`,
    [club.organizationId, organizationLimits.membersMax],
  )
  const [one, two] = [await tokenOf(lab, club.organizationId, club.owner, 'support'), staff()]
  expect(await lab.outcome('acceptInvitation', { token: one }, two)).toBe('ok')
  const more = await tokenOf(lab, club.organizationId, club.owner, 'support')
  expect(await lab.outcome('acceptInvitation', { token: more }, staff())).toBe('limit-reached')
  const answer = await lab.ok('listMemberIds', club.in, { kind: 'service', service: 'identity-staff' })
  expect(answer.accountIds).toHaveLength(organizationLimits.membersMax)
})
