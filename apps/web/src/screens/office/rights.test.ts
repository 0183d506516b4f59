import { allOperations } from '@matchday/contracts'
import { expect, test } from 'vitest'
import { isOffered, may, mayRunEvents, roleNeeded, rolesToGive } from './rights.ts'

test('screens offer what the contracts allow, and no more', () => {
  for (const [name, role] of Object.entries(roleNeeded)) {
    expect(allOperations[name as keyof typeof roleNeeded].policy, name).toBe(role)
  }
  for (const name of ['changeDetails', 'decideEntryRequest', 'listPlayers'] as const) {
    expect(allOperations[name].policy).toBe('organizer')
  }
})

test('who may do what', () => {
  expect(may('support', 'openIncident')).toBe(true)
  expect(may('support', 'createInvitation')).toBe(false)
  expect(may('manager', 'createInvitation')).toBe(true)
  expect(may('manager', 'createApiKey')).toBe(false)
  expect([mayRunEvents('support'), mayRunEvents('manager'), mayRunEvents('owner')]).toEqual([
    false,
    true,
    true,
  ])
  expect([isOffered('keys', 'manager'), isOffered('keys', 'owner')]).toEqual([false, true])
  expect(isOffered('people', 'support')).toBe(true)
})

test('roles that can be given are junior to one’s own; administrators make owners, too', () => {
  expect(rolesToGive({ role: 'owner', isPreview: false })).toEqual(['manager', 'support'])
  expect(rolesToGive({ role: 'manager', isPreview: false })).toEqual(['support'])
  expect(rolesToGive({ role: 'support', isPreview: false })).toEqual([])
  expect(rolesToGive({ role: 'owner', isPreview: true })).toEqual(['owner', 'manager', 'support'])
})
