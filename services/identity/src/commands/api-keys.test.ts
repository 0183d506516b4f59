import { createHash } from 'node:crypto'
import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyColumn } from '../testing/every-column.ts'
import { bodyOf, codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { callerOf, type Person, register } from '../testing/people.ts'

type Key = { keyId: string; key: string; expiresAt: string | null }
type Standing = { status: string; role: string | null; isPreview: boolean }

const organizationId = newId()
const standings = new Map<string, Standing>()
const asked: object[] = []
const answers = {
  getStanding: (input: { organizationId: string; accountId: string; isAdministrator: boolean }) => {
    asked.push(input)
    const standing = standings.get(input.accountId)
    if (input.organizationId !== organizationId || standing === undefined)
      return { rejected: 'not-found' as const }
    return standing
  },
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('keys of organisations', () => {
  let lab: IdentityLab
  let owner: Person
  beforeAll(async () => {
    lab = await openIdentityLab({ answers })
    owner = await register(lab, 'owner@example.org')
    standings.set(owner.accountId, { status: 'approved', role: 'owner', isPreview: false })
  })
  afterAll(() => lab.close())

  const create = (input: object = {}, by: object = owner.caller, id?: string) =>
    lab.call(
      'createApiKey',
      { organizationId, name: 'Scoreboard', scopes: ['tournaments:read'], ...input },
      { by: by as never, ...(id === undefined ? {} : { id }) },
    )
  const find = (key: string) => lab.internal('findApiKey', { hash: sha256(key) })

  it('are shown once, and kept as a hash', async () => {
    const id = newId()
    const made = bodyOf<Key>(
      await create({ scopes: ['tournaments:read', 'tournaments:write'] }, owner.caller, id),
    )
    expect(made.key).toMatch(/^mdk_[A-Za-z0-9_-]{64}$/)
    expect(made.expiresAt).toBeNull()
    expect(await everyColumn(lab)).not.toContain(made.key)
    expect(await everyColumn(lab)).not.toContain(made.key.slice(-20))
    expect(await find(made.key)).toEqual({
      kind: 'ok',
      body: {
        keyId: made.keyId,
        organizationId,
        scopes: ['tournaments:read', 'tournaments:write'],
        expiresAt: null,
      },
    })
    expect(codeOf(await find(`${made.key}x`))).toBe('not-found')
    // Only who made it, with the id of the very request, is told once more.
    expect(
      bodyOf<Key>(await create({ scopes: ['tournaments:read', 'tournaments:write'] }, owner.caller, id)),
    ).toEqual(made)
    expect((await lab.events(made.keyId)).map(({ type, data }) => [type, data])).toEqual([
      ['key-created', { organizationId }],
    ])
    const list = bodyOf<{ items: object[] }>(
      await lab.call('listApiKeys', { organizationId }, { by: owner.caller }),
    )
    expect(list.items).toEqual([
      {
        keyId: made.keyId,
        name: 'Scoreboard',
        scopes: ['tournaments:read', 'tournaments:write'],
        start: made.key.slice(0, 12),
        createdAt: expect.any(String),
        createdBy: owner.accountId,
        expiresAt: null,
        usedAt: new Date(lab.clock.now()).toISOString(),
      },
    ])
  })

  it('end when they are to', async () => {
    const made = bodyOf<Key>(await create({ expiresInDays: 1 }))
    expect(codeOf(await find(made.key))).toBe('ok')
    lab.advance(24 * 60 * 60_000)
    expect(codeOf(await find(made.key))).toBe('not-found')
    owner = { ...owner, caller: callerOf('staff', await again()) }
  })

  it('are revoked at once, within their organisation', async () => {
    const made = bodyOf<Key>(await create())
    const foreign = await lab.call(
      'revokeApiKey',
      { organizationId: newId(), keyId: made.keyId },
      { by: owner.caller },
    )
    expect(codeOf(foreign)).toBe('not-found')
    const revoke = () => lab.call('revokeApiKey', { organizationId, keyId: made.keyId }, { by: owner.caller })
    expect(codeOf(await revoke())).toBe('ok')
    expect(codeOf(await find(made.key))).toBe('not-found')
    expect(codeOf(await revoke())).toBe('not-found')
    expect((await lab.events(made.keyId)).at(-1)).toMatchObject({
      type: 'key-revoked',
      data: { organizationId },
    })
  })

  it('are the owner’s to make, list and revoke', async () => {
    const person = await register(lab, 'member@example.org')
    const admin = { ...person.caller, platformRole: 'admin' }
    const rows: [Standing | undefined, object, string][] = [
      [undefined, person.caller, 'not-found'],
      [{ status: 'approved', role: null, isPreview: false }, person.caller, 'not-found'],
      [{ status: 'approved', role: null, isPreview: false }, admin, 'preview-needed'],
      [{ status: 'pending', role: null, isPreview: false }, person.caller, 'not-found'],
      [{ status: 'pending', role: 'support', isPreview: false }, person.caller, 'not-approved'],
      [{ status: 'blocked', role: 'owner', isPreview: false }, person.caller, 'organization-blocked'],
      [{ status: 'approved', role: 'manager', isPreview: false }, person.caller, 'not-allowed'],
      [{ status: 'approved', role: 'support', isPreview: false }, person.caller, 'not-allowed'],
      [{ status: 'blocked', role: 'owner', isPreview: true }, admin, 'ok'],
      [{ status: 'approved', role: 'owner', isPreview: false }, person.caller, 'ok'],
    ]
    for (const [standing, by, code] of rows) {
      if (standing === undefined) standings.delete(person.accountId)
      else standings.set(person.accountId, standing)
      const what = JSON.stringify([standing, code])
      expect(codeOf(await create({}, by)), what).toBe(code)
      expect(codeOf(await lab.call('listApiKeys', { organizationId }, { by: by as never })), what).toBe(code)
      const revoked = await lab.call('revokeApiKey', { organizationId, keyId: newId() }, { by: by as never })
      expect(codeOf(revoked), what).toBe(code === 'ok' ? 'not-found' : code)
    }
    expect(asked).toContainEqual({ organizationId, accountId: person.accountId, isAdministrator: true })
  })

  it('there are at most fifty of an organisation', async () => {
    const codes = await Promise.all(Array.from({ length: 60 }, async () => codeOf(await create())))
    expect(new Set(codes)).toEqual(new Set(['ok', 'limit-reached']))
    const counted = await lab.rows('select 1 from api_keys where organization_id = $1', [organizationId])
    expect(counted).toHaveLength(50)
  })

  async function again() {
    return bodyOf<never>(
      await lab.call('signInStaff', { email: 'owner@example.org', password: 'correct horse battery staple' }),
    )
  }
})
