import { newId, organizationOperations as operations, organizationInternals } from '@matchday/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { otherService, type Staff, staff } from './testing/people.ts'
import { type RunningWorld, startWorld } from './testing/running.ts'

const patience = { timeout: 20_000, interval: 20 }

let world: RunningWorld
let instances: Awaited<ReturnType<RunningWorld['startOrganizations']>>[]
beforeEach(async () => {
  world = await startWorld()
  instances = [await world.startOrganizations(), await world.startOrganizations()]
})
afterEach(async () => {
  for (const instance of instances) await instance.stop()
  await world.stop()
})

const register = async (owner: Staff) =>
  (await world.ok(operations.registerOrganization, { name: `Club ${newId()}` }, owner))
    .organizationId as string
const changes = async (organizationId: string, by: Staff) =>
  (await world.ok(operations.listChanges, { organizationId, limit: 100 }, by)).items as {
    thing: string
    action: string
    by: { name: string | null }
  }[]

describe('two instances of the service', () => {
  it('note down what was done to tournaments, once, also while one of them is away', async () => {
    const ann = staff()
    const organizationId = await register(ann)
    const { happens } = world.tournaments
    const [id, renames] = [newId(), 30]
    await happens(id, 'tournament-created', { name: 'Cup', organizationId }, 'staff', ann.accountId)
    for (let count = 0; count < renames; count++) {
      await happens(id, 'tournament-renamed', { name: `Cup ${count}` }, 'staff', ann.accountId)
      if (count === 10) await instances.shift()!.stop()
      if (count === 20) instances.push(await world.startOrganizations())
    }
    await happens(id, 'tournament-archived', {}, 'service', 'organizations')
    const told = async () =>
      (await changes(organizationId, ann)).filter(({ thing }) => thing === 'tournament')
    await vi.waitUntil(async () => (await told()).length >= renames + 2, patience)
    expect((await told()).map(({ action }) => action)).toEqual([
      'tournament-archived',
      ...Array(renames).fill('tournament-renamed'),
      'tournament-created',
    ])
  })

  it('take an account that is gone out of everything', async () => {
    const [ann, ben] = [staff(), staff()]
    const organizationId = await register(ann)
    const invite = { organizationId, role: 'manager' }
    const { link } = await world.ok(operations.createInvitation, invite, ann)
    await world.ok(operations.acceptInvitation, { token: link.split('#')[1] }, ben)
    await world.identity.happens(ben.accountId, 'account-created', {})
    await world.identity.happens(ben.accountId, 'account-deleted', {}, 'staff', ben.accountId)
    const members = async () =>
      (await world.ok(organizationInternals.listMemberIds, { organizationId }, otherService)).accountIds
    await vi.waitUntil(async () => (await members()).length === 1, patience)
    expect(await members()).toEqual([ann.accountId])
    const told = (await changes(organizationId, ann)).filter(({ thing }) => thing === 'member')
    expect(told.map(({ action }) => action).sort()).toEqual(['created', 'created', 'deleted'])
  })

  it('show names as long as they can be asked for, and pages all the same when not', async () => {
    const ann = staff()
    world.neighbours.isCalled(ann.accountId, 'Ann', 'Smith')
    const organizationId = await register(ann)
    expect((await changes(organizationId, ann))[0]?.by.name).toBe('Ann Smith')
    await world.identity.stop()
    expect((await changes(organizationId, ann))[0]?.by.name).toBeNull()
  })
})
