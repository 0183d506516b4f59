import type { Caller } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import { type ModelOrganizations, modelOrganizations } from '../testing/model-organizations.ts'
import {
  anyone,
  key,
  numberedId,
  organizationId,
  organizer,
  otherOrganizationId,
  staff,
  withAccount,
} from '../testing/people.ts'
import { codeOf, eventsOf, shown, when } from '../testing/when.ts'

const id = (number: number) => numberedId<'staff'>(number)
const [owner, manager, support, stranger, administrator] = [
  id(100),
  id(101),
  id(102),
  id(103),
  id(104),
] as const
let organizations: ModelOrganizations

beforeEach(() => {
  organizations = modelOrganizations()
  const roles = { [owner]: 'owner', [manager]: 'manager', [support]: 'support' } as const
  organizations.add(organizationId, roles, [administrator])
  organizations.add(otherOrganizationId)
})

const create = (by: Caller, input: JsonObject = { organizationId }) =>
  when([], 'createTournament', { input: { name: 'Cup', limit: 2, ...input }, by, organizations })

describe('creating a tournament for an organisation', () => {
  it('is told, and kept among the organisation’s; it is public unless something else is said', async () => {
    const decision = await create(staff(manager))
    expect(decision).toMatchObject({
      events: [{ data: { organizationId, details: { visibility: 'public' } } }],
      claims: expect.arrayContaining([`organization:${organizationId}:${numberedId(77)}`]),
    })
    const [private_] = await eventsOf(create(staff(owner), { organizationId, visibility: 'private' }))
    expect(private_?.data).toMatchObject({ details: { visibility: 'private' } })
  })

  it('gives nobody a token: it is run by whoever manages the organisation then', async () => {
    const input = { name: 'Cup', limit: 2, organizationId }
    expect(await shown('createTournament', create(staff(manager)), input, 1)).toMatchObject({
      id: numberedId(77),
      organizerToken: null,
    })
  })

  it('takes details, and checks them', async () => {
    const details = {
      description: 'Five a side',
      startsAt: '2026-06-01T18:00:00Z',
      endsAt: '2026-06-01T20:00:00Z',
    }
    const [event] = await eventsOf(create(staff(manager), { organizationId, ...details }))
    expect(event?.data).toMatchObject({
      details: { description: 'Five a side', startsAt: '2026-06-01T18:00:00.000Z' },
    })
    const wrong = await create(staff(manager), { organizationId, latitude: 1, limit: 11 })
    expect(wrong).toMatchObject({ fields: [{ path: '/body/limit' }, { path: '/body/longitude' }] })
  })

  it('is for managers and owners, and administrators in preview', async () => {
    expect(await codeOf(create(staff(owner)))).toBe('accepted')
    expect(await codeOf(create(staff(support)))).toBe('not-allowed')
    expect(await codeOf(create(staff(stranger)))).toBe('not-found')
    expect(await codeOf(create(staff(manager), { organizationId: numberedId(999) }))).toBe('not-found')
    expect(await codeOf(create(staff(administrator, 'admin')))).toBe('accepted')
    expect(await codeOf(create(staff(administrator)))).toBe('not-found')
    expect(await codeOf(create(staff(stranger, 'superadmin')))).toBe('preview-needed')
  })

  it('is for approved organisations; a preview is not stopped', async () => {
    organizations.set(organizationId, 'pending')
    expect(await codeOf(create(staff(manager)))).toBe('not-approved')
    expect(await codeOf(create(key(organizationId, 'tournaments:write')))).toBe('not-approved')
    organizations.set(organizationId, 'blocked')
    expect(await codeOf(create(staff(manager)))).toBe('organization-blocked')
    // A role that would be too low is not told of.
    expect(await codeOf(create(staff(support)))).toBe('organization-blocked')
    expect(await codeOf(create(key(organizationId, 'tournaments:write')))).toBe('organization-blocked')
    expect(await codeOf(create(staff(administrator, 'admin')))).toBe('accepted')
    organizations.set(organizationId, 'deleted')
    expect(await codeOf(create(staff(manager)))).toBe('not-found')
  })

  it('is for its keys with the scope, which need not name it', async () => {
    expect(await codeOf(create(key(organizationId, 'tournaments:write')))).toBe('accepted')
    const [event] = await eventsOf(create(key(organizationId, 'tournaments:write'), {}))
    expect(event?.data).toMatchObject({ organizationId })
    expect(await codeOf(create(key(organizationId, 'tournaments:read')))).toBe('not-found')
    expect(await codeOf(create(key(otherOrganizationId, 'tournaments:write')))).toBe('not-found')
  })

  it('is for nobody else', async () => {
    for (const by of [anyone, organizer, withAccount('Ann')]) {
      expect(await codeOf(create(by))).toBe('not-allowed')
    }
  })

  it('fails when the organisation can’t be asked, and does not go on without', async () => {
    organizations.setReachable(false)
    await expect(create(staff(manager))).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    // Whoever wants a tournament of his own is not held up.
    expect(await codeOf(create(staff(manager), {}))).toBe('accepted')
    expect(await codeOf(create(anyone, {}))).toBe('accepted')
  })
})

it('a tournament that is nobody’s is unlisted, and nobody is asked', async () => {
  const [event] = await eventsOf(create(anyone, {}))
  expect(event?.data).toMatchObject({ details: { visibility: 'unlisted' } })
  expect(event?.data).not.toHaveProperty('organizationId')
  expect(organizations.asked()).toEqual([])
})
