import { describe, expect, it } from 'vitest'
import { changeRole, type Managed, mayManage, removeMember, rolesBelow } from './managing.ts'

const seniorities = ['superadmin', 'admin', 'owner', 'manager', 'support'] as const
const roles = ['owner', 'manager', 'support'] as const
const other = (role: (typeof roles)[number], parts: Partial<Managed> = {}): Managed => ({
  role,
  isSelf: false,
  isLastOwner: false,
  ...parts,
})

it('whom each may manage', () => {
  const table = seniorities.map((seniority) => [
    seniority,
    roles.filter((role) => mayManage({ seniority }, role)).join(' '),
  ])
  expect(table).toEqual([
    ['superadmin', 'owner manager support'],
    ['admin', 'owner manager support'],
    ['owner', 'manager support'],
    ['manager', 'support'],
    ['support', ''],
  ])
})

it('roles that each can give', () => {
  expect(roles.map(rolesBelow)).toEqual([['manager', 'support'], ['support'], []])
})

describe('changing a role', () => {
  it('which changes each may make', () => {
    const allowed = seniorities.map((seniority) => [
      seniority,
      roles
        .flatMap((from) => roles.map((to) => ({ from, to })))
        .filter(({ from, to }) => from !== to && changeRole({ seniority }, other(from), to) === null)
        .map(({ from, to }) => `${from}→${to}`)
        .join(' '),
    ])
    const all = 'owner→manager owner→support manager→owner manager→support support→owner support→manager'
    expect(allowed).toEqual([
      ['superadmin', all],
      ['admin', all],
      ['owner', 'manager→support support→manager'],
      ['manager', ''],
      ['support', ''],
    ])
  })

  it('is never one’s own, whoever one is besides', () => {
    for (const seniority of seniorities) {
      for (const role of roles) {
        const refusal = changeRole({ seniority }, other(role, { isSelf: true }), 'owner')
        expect(refusal).toMatchObject({ code: 'not-junior' })
      }
    }
  })

  it('leaves an owner', () => {
    const last = other('owner', { isLastOwner: true })
    expect(changeRole({ seniority: 'admin' }, last, 'manager')).toMatchObject({ code: 'last-owner' })
    expect(changeRole({ seniority: 'admin' }, last, 'owner')).toBeNull()
    expect(changeRole({ seniority: 'owner' }, last, 'manager')).toMatchObject({ code: 'not-junior' })
  })
})

describe('removing', () => {
  it('only the strictly junior', () => {
    expect(removeMember({ seniority: 'owner' }, other('owner'))).toMatchObject({ code: 'not-junior' })
    expect(removeMember({ seniority: 'manager' }, other('manager'))).toMatchObject({ code: 'not-junior' })
    expect(removeMember({ seniority: 'support' }, other('support'))).toMatchObject({ code: 'not-junior' })
    expect(removeMember({ seniority: 'owner' }, other('manager'))).toBeNull()
    expect(removeMember({ seniority: 'admin' }, other('owner'))).toBeNull()
  })

  it('oneself, always', () => {
    for (const role of roles) {
      expect(removeMember({ seniority: role }, other(role, { isSelf: true }))).toBeNull()
    }
  })

  it('leaves an owner', () => {
    const last = other('owner', { isLastOwner: true })
    expect(removeMember({ seniority: 'owner' }, { ...last, isSelf: true })).toMatchObject({
      code: 'last-owner',
    })
    expect(removeMember({ seniority: 'admin' }, last)).toMatchObject({ code: 'last-owner' })
    expect(removeMember({ seniority: 'manager' }, last)).toMatchObject({ code: 'not-junior' })
  })
})
