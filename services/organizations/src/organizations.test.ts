import { newId } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { openLab } from './testing/lab.ts'
import { labOfFile } from './testing/lab-of-file.ts'
import { staff } from './testing/people.ts'
import { joined, organizationIn, previewing } from './testing/world.ts'

const lab = await labOfFile()

const name = () => `Club ${newId()}`
const eventsOf = async (organizationId: string) =>
  (await lab.store.eventsOf(organizationId, 0, 100)).map(({ type, data, actor }) => ({ type, data, actor }))

describe('registering an organisation', () => {
  it('makes whoever does it its owner', async () => {
    const ann = staff()
    const input = { name: ' FC Ünion ', address: ' Street 1\r\nTown ', website: 'https://union.example' }
    const { organizationId, ...rest } = await lab.ok('registerOrganization', input, ann)
    expect(rest).toEqual({ status: 'approved', version: 2 })
    expect(await lab.ok('getOrganization', { organizationId }, ann)).toMatchObject({
      organizationId,
      name: 'FC Ünion',
      address: 'Street 1\nTown',
      website: 'https://union.example',
      status: 'approved',
      role: 'owner',
      isPreview: false,
      version: 2,
    })
    expect(await eventsOf(organizationId)).toEqual([
      {
        type: 'organization-registered',
        data: { name: 'FC Ünion', status: 'approved' },
        actor: ann.accountId,
      },
      { type: 'member-added', data: { accountId: ann.accountId, role: 'owner' }, actor: ann.accountId },
    ])
  })

  it('is answered once and alike for one id', async () => {
    const ann = staff()
    const input = { name: name() }
    const id = newId()
    const first = await lab.send('registerOrganization', input, ann, { id })
    expect(await lab.send('registerOrganization', input, ann, { id, instance: 1 })).toEqual(first)
    expect(await lab.outcome('registerOrganization', { name: name() }, ann, { id })).toBe('request-id-reused')
  })

  it('needs a name of its own, whatever its case and accents', async () => {
    const taken = name()
    await lab.ok('registerOrganization', { name: taken }, staff())
    for (const spelling of [taken, taken.toUpperCase(), ` ${taken.replace('u', 'ü')}`, `${taken}\u200b`]) {
      expect(await lab.outcome('registerOrganization', { name: spelling }, staff())).toBe('name-taken')
    }
  })
})

describe('registration', () => {
  it.each([
    ['open', ['approved', 'approved', 'approved']],
    ['approved', ['pending', 'pending', 'pending']],
    ['closed', ['registration-closed', 'registration-closed', 'approved']],
  ] as const)('%s', async (registration, expected) => {
    const other = await openLab({ registration })
    const begun = []
    for (const caller of [staff(), staff('admin'), staff('superadmin')]) {
      const reply = await other.send('registerOrganization', { name: name() }, caller)
      begun.push(reply.kind === 'ok' ? reply.body?.status : reply.code)
    }
    expect(begun).toEqual(expected)
    expect(other.breaches()).toEqual([])
    await other.close()
  })
})

describe('changing the profile', () => {
  it('changes what was named, and says the version', async () => {
    const { in: inside, owner, organizationId } = await organizationIn(lab)
    const renamed = name()
    const first = await lab.send('changeOrganization', { ...inside, name: renamed, address: 'Here' }, owner)
    expect(first).toMatchObject({ kind: 'ok', body: { version: 3 }, version: 3 })
    await lab.ok('changeOrganization', { ...inside, website: 'https://a.example' }, owner)
    await lab.ok('changeOrganization', { ...inside, address: null }, owner)
    expect(await lab.ok('getOrganization', inside, owner)).toMatchObject({
      name: renamed,
      address: null,
      website: 'https://a.example',
      version: 5,
    })
    expect((await eventsOf(organizationId)).slice(2)).toMatchObject(
      Array(3).fill({ type: 'organization-changed', data: { name: renamed } }),
    )
  })

  it('to what it is already changes nothing', async () => {
    const { in: inside, owner, name: own } = await organizationIn(lab)
    expect(await lab.ok('changeOrganization', { ...inside, name: ` ${own}` }, owner)).toEqual({ version: 2 })
    expect(await lab.ok('changeOrganization', inside, owner)).toEqual({ version: 2 })
  })

  it('is refused when something has changed since', async () => {
    const { in: inside, owner, manager } = await organizationIn(lab)
    await manager()
    const change = { ...inside, address: 'There' }
    expect(await lab.outcome('changeOrganization', change, owner, { expectedVersion: 2 })).toBe(
      'stale-version',
    )
    expect(await lab.outcome('changeOrganization', change, owner, { expectedVersion: 3 })).toBe('ok')
  })

  it('can’t take another’s name, but another spelling of its own', async () => {
    const other = await organizationIn(lab)
    const { in: inside, owner, name: own } = await organizationIn(lab)
    const taken = { ...inside, name: other.name.toUpperCase() }
    expect(await lab.outcome('changeOrganization', taken, owner)).toBe('name-taken')
    expect(await lab.outcome('changeOrganization', { ...inside, name: own.toUpperCase() }, owner)).toBe('ok')
  })

  it('lets the old name go', async () => {
    const { in: inside, owner, name: old } = await organizationIn(lab)
    await lab.ok('changeOrganization', { ...inside, name: name() }, owner)
    expect(await lab.outcome('registerOrganization', { name: old }, staff())).toBe('ok')
  })
})

describe('deleting', () => {
  it('needs the name typed out', async () => {
    const { in: inside, owner, name: own } = await organizationIn(lab)
    for (const typed of [`${own}x`, own.slice(1), 'Club']) {
      expect(await lab.outcome('deleteOrganization', { ...inside, name: typed }, owner)).toBe(
        'confirmation-mismatch',
      )
    }
    const typed = ` ${own.toUpperCase()} `
    expect(await lab.outcome('deleteOrganization', { ...inside, name: typed }, owner)).toBe('ok')
    expect(await lab.outcome('getOrganization', inside, owner)).toBe('not-found')
    expect(await eventsOf(inside.organizationId)).toMatchObject([{}, {}, { type: 'organization-deleted' }])
  })

  it('frees the name, and is no more the second time', async () => {
    const { in: inside, owner, name: own } = await organizationIn(lab)
    await lab.ok('deleteOrganization', { ...inside, name: own }, owner)
    expect(await lab.outcome('deleteOrganization', { ...inside, name: own }, owner)).toBe('not-found')
    expect(await lab.outcome('registerOrganization', { name: own }, staff())).toBe('ok')
  })
})

describe('approving', () => {
  const admin = staff('admin')
  const approve = async (organizationId: string, approved: boolean) =>
    (await lab.ok('approveOrganization', { organizationId, approved }, admin)).status

  it('and blocking work from any state, as often as one likes', async () => {
    const { in: inside, organizationId } = await organizationIn(lab)
    const statuses = []
    for (const approved of [false, false, true, true, false]) {
      statuses.push(await approve(organizationId, approved))
    }
    expect(statuses).toEqual(['blocked', 'blocked', 'approved', 'approved', 'blocked'])
    expect((await eventsOf(inside.organizationId)).slice(2).map(({ type }) => type)).toEqual([
      'organization-blocked',
      'organization-approved',
      'organization-blocked',
    ])
  })

  it('counts at once', async () => {
    const { in: inside, organizationId, owner } = await organizationIn(lab)
    await approve(organizationId, false)
    expect(await lab.outcome('listMembers', inside, owner)).toBe('organization-blocked')
    await approve(organizationId, true)
    expect(await lab.outcome('listMembers', inside, owner)).toBe('ok')
  })

  it('needs an organisation', async () => {
    expect(await lab.outcome('approveOrganization', { organizationId: newId(), approved: true }, admin)).toBe(
      'not-found',
    )
  })
})

describe('lists', () => {
  it('show administrators all, newest first, by status and part of the name', async () => {
    const mark = newId().slice(-6)
    const admin = staff('admin')
    const made = []
    for (const title of [`Alpha ${mark}`, `Älpha_${mark}`, `Beta% ${mark}`]) {
      made.push(await organizationIn(lab, title))
    }
    await lab.ok('approveOrganization', { ...made[2]!.in, approved: false }, admin)
    const found = async (filter: object) =>
      (await lab.ok('listOrganizations', { ...filter, limit: 100 }, admin)).items.map(
        (item: { name: string }) => item.name,
      )
    expect(await found({ query: mark })).toEqual([`Beta% ${mark}`, `Älpha_${mark}`, `Alpha ${mark}`])
    expect(await found({ query: `ALPHA ${mark}` })).toEqual([`Alpha ${mark}`])
    // Wildcards are letters like any other.
    expect(await found({ query: `%${mark}` })).toEqual([])
    expect(await found({ query: `% ${mark}` })).toEqual([`Beta% ${mark}`])
    expect(await found({ query: `_${mark}` })).toEqual([`Älpha_${mark}`])
    expect(await found({ query: mark, status: 'blocked' })).toEqual([`Beta% ${mark}`])
  })

  it('show administrators one organisation with its owners', async () => {
    const { in: inside, owner, anotherOwner, support } = await organizationIn(lab)
    const second = await anotherOwner()
    await support()
    lab.neighbours.isCalled(owner.accountId, 'Ann', 'Smith')
    expect(await lab.ok('inspectOrganization', inside, staff('admin'))).toMatchObject({
      members: 3,
      owners: [
        { accountId: owner.accountId, firstName: 'Ann', lastName: 'Smith', email: 'Ann@example.org' },
        { accountId: second.accountId, firstName: null, lastName: null, email: null },
      ],
    })
    expect(await lab.outcome('inspectOrganization', { organizationId: newId() }, staff('admin'))).toBe(
      'not-found',
    )
  })

  it('show everybody his own, and the one that he looks into', async () => {
    const [one, two, three] = [
      await organizationIn(lab),
      await organizationIn(lab),
      await organizationIn(lab),
    ]
    const admin = staff('superadmin')
    await joined(lab, one.organizationId, one.owner, 'support', admin)
    await joined(lab, three.organizationId, three.owner, 'manager', admin)
    const mine = async (by = admin) =>
      (await lab.ok('listMyOrganizations', {}, by)).items.map((item: Record<string, unknown>) => [
        item.organizationId,
        item.role,
        item.isPreview,
      ])
    expect(await mine()).toEqual([
      [one.organizationId, 'support', false],
      [three.organizationId, 'manager', false],
    ])
    await previewing(lab, two.organizationId, admin)
    expect(await mine()).toEqual([
      [one.organizationId, 'support', false],
      [two.organizationId, 'owner', true],
      [three.organizationId, 'manager', false],
    ])
    await previewing(lab, one.organizationId, admin)
    expect((await mine())[0]).toEqual([one.organizationId, 'owner', true])
    // Without the role the preview is worth nothing.
    expect((await mine(staff(undefined, admin.accountId)))[0]).toEqual([one.organizationId, 'support', false])
  })
})
