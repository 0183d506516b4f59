import { newId, organizationInternals } from '@matchday/contracts'
import type { ReactionContext, RecordedEvent } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { accountDeleted } from './reactions/account-deleted.ts'
import type { OwnOperation } from './testing/lab.ts'
import { labOfFile } from './testing/lab-of-file.ts'
import { otherService, staff } from './testing/people.ts'
import { joined, organizationIn, previewing, tokenOf } from './testing/world.ts'

const lab = await labOfFile()

describe('standing', () => {
  const standing = (organizationId: string, accountId: string, isAdministrator = false) =>
    lab.ok('getStanding', { organizationId, accountId, isAdministrator }, otherService)

  it('is told of members, of administrators in preview, and of others', async () => {
    const club = await organizationIn(lab)
    const manager = await club.manager()
    const approved = { status: 'approved', isPreview: false }
    expect(await standing(club.organizationId, manager.accountId)).toEqual({ ...approved, role: 'manager' })
    expect(await standing(club.organizationId, newId())).toEqual({ ...approved, role: null })
    const admin = staff('admin')
    expect(await standing(club.organizationId, admin.accountId, true)).toEqual({ ...approved, role: null })
    await previewing(lab, club.organizationId, admin)
    const inPreview = { ...approved, isPreview: true, role: 'owner' }
    expect(await standing(club.organizationId, admin.accountId, true)).toEqual(inPreview)
    // Once he is no administrator any more, his preview is worth nothing.
    expect(await standing(club.organizationId, admin.accountId)).toEqual({ ...approved, role: null })
    await joined(lab, club.organizationId, club.owner, 'support', admin)
    expect(await standing(club.organizationId, admin.accountId)).toEqual({ ...approved, role: 'support' })
    expect(await standing(club.organizationId, admin.accountId, true)).toEqual(inPreview)
  })

  it('says whether the organisation may do anything, and whether there is one', async () => {
    const club = await organizationIn(lab)
    await lab.ok('approveOrganization', { ...club.in, approved: false }, staff('admin'))
    expect(await standing(club.organizationId, club.owner.accountId)).toMatchObject({ status: 'blocked' })
    const unknown = { organizationId: newId(), accountId: newId(), isAdministrator: true }
    expect(await lab.outcome('getStanding', unknown, otherService)).toBe('not-found')
  })
})

it('members are listed for whoever has to sign them out', async () => {
  const club = await organizationIn(lab)
  const support = await club.support()
  expect(await lab.ok('listMemberIds', club.in, otherService)).toEqual({
    accountIds: [club.owner.accountId, support.accountId],
  })
  expect(await lab.ok('listMemberIds', { organizationId: newId() }, otherService)).toEqual({ accountIds: [] })
})

it('sole ownerships are those with no other owner', async () => {
  const [one, two] = [await organizationIn(lab), await organizationIn(lab)]
  const ann = one.owner
  const { organizationId } = await lab.ok('registerOrganization', { name: `Club ${newId()}` }, ann)
  await joined(lab, two.organizationId, two.owner, 'manager', ann)
  await one.anotherOwner()
  const sole = async (accountId = ann.accountId) =>
    (await lab.ok('listSoleOwnerships', { accountId }, otherService)).organizationIds
  expect(await sole()).toEqual([organizationId])
  expect(await sole(two.owner.accountId)).toEqual([two.organizationId])
  expect(await sole(newId())).toEqual([])
  // What is blocked keeps nobody.
  await lab.ok('approveOrganization', { organizationId, approved: false }, staff('admin'))
  expect(await sole()).toEqual([])
})

describe('when an account is gone', () => {
  const event = (stream: string): RecordedEvent => ({
    stream,
    version: 7,
    type: 'account-deleted',
    data: {},
    at: new Date().toISOString(),
    by: 'staff',
  })
  /** As the kernel runs it: commands as the service itself, with ids from the event. */
  const context = (ids: string[] = []): ReactionContext => ({
    ask: lab.neighbours.ask,
    rows: lab.tables.rows,
    claims: () => Promise.reject(new Error('not used')),
    run: (id, { name }, input) => {
      ids.push(id)
      const self = { kind: 'service', service: 'organizations' } as const
      return lab.send(name as OwnOperation, input as object as never, self, { id })
    },
  })

  it('it belongs to nothing, looks into nothing, and lets nobody in', async () => {
    const [one, two, three] = [
      await organizationIn(lab),
      await organizationIn(lab),
      await organizationIn(lab),
    ]
    const ann = await joined(lab, one.organizationId, one.owner, 'manager', staff('admin'))
    await joined(lab, two.organizationId, two.owner, 'support', ann)
    const token = await tokenOf(lab, one.organizationId, ann, 'support')
    await previewing(lab, three.organizationId, ann)
    const written = await tokenOf(lab, three.organizationId, ann, 'owner')
    const ids: string[] = []
    await accountDeleted.react(event(ann.accountId), context(ids))
    for (const club of [one, two]) {
      const { accountIds } = await lab.ok('listMemberIds', club.in, otherService)
      expect(accountIds).toEqual([club.owner.accountId])
      expect((await lab.store.eventsOf(club.organizationId, 0, 100)).at(-1)).toMatchObject({
        type: 'member-removed',
        data: { accountId: ann.accountId },
        by: 'service',
      })
    }
    for (const link of [token, written]) {
      expect(await lab.outcome('acceptInvitation', { token: link }, staff())).toBe('link-expired')
    }
    expect(await lab.outcome('listMembers', three.in, ann)).toBe('preview-needed')
    const left = await lab.tables.rows(
      `select account_id from members where account_id = $1
       union all select account_id from previews where account_id = $1
       union all select created_by from invitations where created_by = $1`,
      [ann.accountId],
    )
    expect(left).toEqual([])
    // Once more is as good as once: ids come from the event.
    const again: string[] = []
    await accountDeleted.react(event(ann.accountId), context(again))
    expect(ids).toEqual([...new Set(ids)])
    expect(again).toEqual(ids.slice(0, 1))
    const { items } = await lab.ok('listChanges', { ...one.in, limit: 100 }, one.owner)
    expect(items.filter((item: { by: { kind: string } }) => item.by.kind === 'service')).toHaveLength(2)
  })

  it('a token of it that is still good joins nothing', async () => {
    const club = await organizationIn(lab)
    const ghost = staff()
    await accountDeleted.react(event(ghost.accountId), context())
    const token = await tokenOf(lab, club.organizationId, club.owner, 'support')
    expect(await lab.outcome('acceptInvitation', { token }, ghost)).toBe('not-allowed')
    expect(await lab.outcome('registerOrganization', { name: `Club ${newId()}` }, ghost)).toBe('not-allowed')
    expect(await lab.outcome('acceptInvitation', { token }, staff())).toBe('ok')
  })

  it('also the last owner goes, and an administrator appoints another', async () => {
    const club = await organizationIn(lab)
    const support = await club.support()
    await accountDeleted.react(event(club.owner.accountId), context())
    expect(await lab.ok('listMemberIds', club.in, otherService)).toEqual({ accountIds: [support.accountId] })
    expect(await lab.outcome('listMembers', club.in, support)).toBe('ok')
    const admin = await previewing(lab, club.organizationId)
    const appoint = { ...club.in, accountId: support.accountId, role: 'owner' }
    expect(await lab.outcome('changeMember', appoint, admin)).toBe('ok')
    expect(await lab.outcome('changeOrganization', { ...club.in, address: 'x' }, support)).toBe('ok')
  })

  it('what could not be done is tried again', async () => {
    const failing: ReactionContext = {
      ...context(),
      run: async () => ({ kind: 'fault', code: 'unavailable', retryable: true }),
    }
    await expect(accountDeleted.react(event(newId()), failing)).rejects.toMatchObject({ code: 'unavailable' })
  })
})

it('what is for services alone is declared so', () => {
  for (const operation of Object.values(organizationInternals)) expect(operation).not.toHaveProperty('route')
})
