import { newId, type OrganizationRole, organizationOperations as operations } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { anyone, key, organizer, otherService, player, playerAccount, staff } from '../testing/people.ts'
import { isRejected } from './rejected.ts'
import { admit, isOfPolicy, type MemberOperation, type Standing } from './standing.ts'

const organizationId = newId<'organization'>()
const of = (parts: Partial<Standing>): Standing => ({
  status: 'approved',
  role: null,
  isPreview: false,
  ...parts,
})
const member = (role: OrganizationRole, status: Standing['status'] = 'approved') => of({ role, status })

/** The refusal, or as whom he acts. */
function outcome(operation: MemberOperation, caller: Parameters<typeof admit>[2], standing: Standing | null) {
  const admitted = admit(operation, organizationId, caller, standing)
  return isRejected(admitted) ? admitted.code : `${admitted.role}${admitted.isPreview ? ' in preview' : ''}`
}

describe('refusals come in this order', () => {
  const change = operations.changeOrganization
  const admin = staff('admin')
  it.each([
    ['no such organisation, even for an administrator', admin, null, 'not-found'],
    ['no member', staff(), of({ status: 'blocked' }), 'not-found'],
    ['no member, who somehow has a preview', staff(), of({ isPreview: true }), 'not-found'],
    ['an administrator without a preview', admin, of({ status: 'blocked' }), 'preview-needed'],
    ['pending, whatever his role', staff(), member('support', 'pending'), 'not-approved'],
    ['blocked, whatever his role', staff(), member('support', 'blocked'), 'organization-blocked'],
    ['a role too low', staff(), member('manager'), 'not-allowed'],
    ['an owner', staff(), member('owner'), 'owner'],
    ['an administrator who is a member acts as that', admin, member('support'), 'not-allowed'],
    ['and waits like any', admin, member('owner', 'pending'), 'not-approved'],
    ['in preview he is as an owner', admin, of({ isPreview: true }), 'owner in preview'],
    ['pending stops him not', admin, of({ isPreview: true, status: 'pending' }), 'owner in preview'],
    ['nor does blocked', admin, of({ isPreview: true, status: 'blocked' }), 'owner in preview'],
  ] as const)('%s', (_, caller, standing, expected) => {
    expect(outcome(change, caller, standing)).toBe(expected)
  })
})

describe('while it waits for approval', () => {
  it.each([
    ['members read the organisation', operations.getOrganization, member('support', 'pending'), 'support'],
    ['owners delete it', operations.deleteOrganization, member('owner', 'pending'), 'owner'],
    ['others don’t', operations.deleteOrganization, member('manager', 'pending'), 'not-allowed'],
    ['nothing else is done', operations.listMembers, member('owner', 'pending'), 'not-approved'],
    [
      'and blocked is blocked',
      operations.getOrganization,
      member('owner', 'blocked'),
      'organization-blocked',
    ],
    ['also for deleting', operations.deleteOrganization, member('owner', 'blocked'), 'organization-blocked'],
  ] as const)('%s', (_, operation, standing, expected) => {
    expect(outcome(operation, staff(), standing)).toBe(expected)
  })
})

describe('a key', () => {
  const reads = key(organizationId, 'organization:read')
  const writes = key(organizationId, 'incidents:write')
  const foreign = key(newId(), 'organization:read', 'incidents:write')
  it.each([
    ['reads as support', operations.listContacts, reads, of({}), 'support'],
    ['writes as manager', operations.openIncident, writes, of({}), 'manager'],
    ['does only what its scopes say', operations.openIncident, reads, of({}), 'not-allowed'],
    ['reads only what its scopes say', operations.listContacts, writes, of({}), 'not-allowed'],
    ['does nothing that names no scope', operations.deleteIncident, writes, of({}), 'not-allowed'],
    ['knows no other organisation', operations.listContacts, foreign, of({}), 'not-found'],
    ['is useless when its organisation is gone', operations.listContacts, reads, null, 'not-found'],
    [
      'stops when it is blocked',
      operations.listContacts,
      reads,
      of({ status: 'blocked' }),
      'organization-blocked',
    ],
    ['sees nothing that waits', operations.getOrganization, reads, of({ status: 'pending' }), 'not-approved'],
  ] as const)('%s', (_, operation, caller, standing, expected) => {
    expect(outcome(operation, caller, standing)).toBe(expected)
  })
})

it.each([anyone, organizer, player, playerAccount, otherService])(
  '$kind has no business inside',
  (caller) => {
    expect(outcome(operations.getOrganization, caller, member('owner'))).toBe('not-allowed')
  },
)

it('a preview is senior to owners, a member to those below', () => {
  expect(admit(operations.listMembers, organizationId, staff('superadmin'), of({ isPreview: true }))).toEqual(
    {
      role: 'owner',
      seniority: 'superadmin',
      isPreview: true,
    },
  )
  expect(admit(operations.listMembers, organizationId, staff(), member('manager'))).toEqual({
    role: 'manager',
    seniority: 'manager',
    isPreview: false,
  })
})

describe('outside of organisations', () => {
  it.each([
    ['anyone', ['anyone', 'staff', 'admin', 'superadmin']],
    ['staff', ['staff', 'admin', 'superadmin']],
    ['admin', ['admin', 'superadmin']],
    ['superadmin', ['superadmin']],
    // Nobody gets in by a policy that is decided elsewhere.
    ['owner', []],
    ['organizer', []],
  ] as const)('%s', (policy, lets) => {
    const callers = { anyone, staff: staff(), admin: staff('admin'), superadmin: staff('superadmin') }
    const admitted = Object.entries(callers).filter(([, caller]) => isOfPolicy({ policy }, caller))
    expect(admitted.map(([name]) => name)).toEqual(lets)
  })
})
