import { newId, organizationLimits } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { tokenHash } from './invitation-link.ts'
import { publicAddress } from './testing/lab.ts'
import { labOfFile } from './testing/lab-of-file.ts'
import { anyone, otherService, staff } from './testing/people.ts'
import { organizationIn, previewing, tokenOf } from './testing/world.ts'

const lab = await labOfFile()

const dayMs = 24 * 60 * 60 * 1_000
const expire = (organizationId: string) =>
  lab.tables.rows(`update invitations set expires_at = now() where organization_id = $1`, [organizationId])
const isGood = async (token: string) => (await lab.ok('checkInvitation', { token }, otherService)).isGood

describe('inviting', () => {
  it('gives a link, and keeps only its hash', async () => {
    const club = await organizationIn(lab)
    const input = { ...club.in, role: 'manager', note: ' For Ben ' }
    const { invitationId, link, expiresAt } = await lab.ok('createInvitation', input, club.owner)
    const [address, token] = link.split('#')
    expect(address).toBe(`${publicAddress}/invite`)
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(
      organizationLimits.invitationDays * dayMs - 60_000,
    )
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(
      organizationLimits.invitationDays * dayMs + 60_000,
    )
    const kept = JSON.stringify([
      await lab.tables.rows('select * from invitations where invitation_id = $1', [invitationId]),
      await lab.tables.rows('select * from changelog', []),
      await lab.tables.rows('select * from answers', []),
      await lab.tables.rows('select * from events', []),
    ])
    expect(kept).toContain(tokenHash(token))
    expect(kept).not.toContain(token)
    expect(kept).not.toContain(token.split('.')[1])
    expect(await lab.ok('listInvitations', club.in, club.owner)).toMatchObject({
      items: [{ invitationId, role: 'manager', note: 'For Ben', expiresAt }],
      next: null,
    })
  })

  it('is answered alike when it is sent again, by either instance', async () => {
    const club = await organizationIn(lab)
    const input = { ...club.in, role: 'support' }
    const id = newId()
    const first = await lab.send('createInvitation', input, club.owner, { id })
    const second = await lab.send('createInvitation', input, club.owner, { id, instance: 1 })
    expect(second).toEqual(first)
    expect((await lab.ok('listInvitations', club.in, club.owner)).items).toHaveLength(1)
  })

  it('gives roles strictly junior to one’s own; owners are appointed in a preview', async () => {
    const club = await organizationIn(lab)
    const people = {
      owner: club.owner,
      manager: await club.manager(),
      support: await club.support(),
      admin: await previewing(lab, club.organizationId),
    }
    const table: Record<string, string[]> = {}
    for (const [name, by] of Object.entries(people)) {
      table[name] = []
      for (const role of ['owner', 'manager', 'support']) {
        table[name].push(await lab.outcome('createInvitation', { ...club.in, role }, by))
      }
    }
    expect(table).toEqual({
      owner: ['not-junior', 'ok', 'ok'],
      manager: ['not-junior', 'not-junior', 'ok'],
      support: ['not-allowed', 'not-allowed', 'not-allowed'],
      admin: ['ok', 'ok', 'ok'],
    })
  })

  it('has a bound, which those that are over don’t fill', async () => {
    const club = await organizationIn(lab)
    await lab.tables.rows(
      `insert into invitations
       (invitation_id, organization_id, role, token_hash, created_by, created_at, expires_at)
       select gen_random_uuid(), $1, 'support', gen_random_uuid()::text, gen_random_uuid(), now(),
         now() + interval '1 day'
       from generate_series(1, $2)`,
      [club.organizationId, organizationLimits.invitationsOpenMax],
    )
    const invite = () => lab.outcome('createInvitation', { ...club.in, role: 'support' }, club.owner)
    expect(await invite()).toBe('limit-reached')
    await expire(club.organizationId)
    expect(await invite()).toBe('ok')
    expect((await lab.ok('listInvitations', club.in, club.owner)).items).toHaveLength(1)
  })
})

describe('an invitation', () => {
  it('tells everybody who has it what it leads to', async () => {
    const club = await organizationIn(lab)
    const token = await tokenOf(lab, club.organizationId, club.owner, 'support')
    expect(await lab.ok('lookAtInvitation', { token }, anyone)).toMatchObject({
      organizationId: club.organizationId,
      name: club.name,
      role: 'support',
    })
    expect(await isGood(token)).toBe(true)
    expect(await lab.outcome('lookAtInvitation', { token: `${token}x` }, anyone)).toBe('link-expired')
    expect(await isGood(`${token}x`)).toBe(false)
  })

  it('makes one person a member, once', async () => {
    const club = await organizationIn(lab)
    const token = await tokenOf(lab, club.organizationId, club.owner, 'manager')
    const ben = staff()
    expect(await lab.ok('acceptInvitation', { token }, ben)).toEqual({ ...club.in, role: 'manager' })
    expect(await lab.outcome('acceptInvitation', { token }, staff())).toBe('link-expired')
    expect(await lab.outcome('lookAtInvitation', { token }, anyone)).toBe('link-expired')
    expect((await lab.store.eventsOf(club.organizationId, 0, 100)).at(-1)).toMatchObject({
      type: 'member-added',
      data: { accountId: ben.accountId, role: 'manager' },
      actor: ben.accountId,
    })
    expect(await lab.ok('getOrganization', club.in, ben)).toMatchObject({ role: 'manager', version: 3 })
  })

  it('makes nobody a member twice, and is not used up by him', async () => {
    const club = await organizationIn(lab)
    const token = await tokenOf(lab, club.organizationId, club.owner, 'support')
    expect(await lab.outcome('acceptInvitation', { token }, club.owner)).toBe('already-member')
    expect(await lab.outcome('acceptInvitation', { token }, staff())).toBe('ok')
  })

  it('is over after its days, by the clock of the database', async () => {
    const club = await organizationIn(lab)
    const token = await tokenOf(lab, club.organizationId, club.owner, 'support')
    await expire(club.organizationId)
    expect(await lab.outcome('acceptInvitation', { token }, staff())).toBe('link-expired')
    expect(await lab.outcome('lookAtInvitation', { token }, anyone)).toBe('link-expired')
    expect(await isGood(token)).toBe(false)
    expect((await lab.ok('listInvitations', club.in, club.owner)).items).toEqual([])
  })

  it('waits while the organisation is blocked', async () => {
    const club = await organizationIn(lab)
    const token = await tokenOf(lab, club.organizationId, club.owner, 'support')
    const admin = staff('admin')
    await lab.ok('approveOrganization', { ...club.in, approved: false }, admin)
    expect(await lab.outcome('acceptInvitation', { token }, staff())).toBe('organization-blocked')
    expect(await isGood(token)).toBe(false)
    await lab.ok('approveOrganization', { ...club.in, approved: true }, admin)
    expect(await lab.outcome('acceptInvitation', { token }, staff())).toBe('ok')
  })

  it('can be taken back by whoever could have written it', async () => {
    const club = await organizationIn(lab)
    const manager = await club.manager()
    const invite = async (role: string) =>
      (await lab.ok('createInvitation', { ...club.in, role }, club.owner)).invitationId
    const [forManager, forSupport] = [await invite('manager'), await invite('support')]
    const revoke = (invitationId: string, by = manager) =>
      lab.outcome('revokeInvitation', { ...club.in, invitationId }, by)
    expect(await revoke(forManager)).toBe('not-junior')
    expect(await revoke(forSupport)).toBe('ok')
    expect(await revoke(forSupport)).toBe('not-found')
    expect(await revoke(forManager, club.owner)).toBe('ok')
    const other = await organizationIn(lab)
    const foreign = await lab.ok('createInvitation', { ...other.in, role: 'support' }, other.owner)
    expect(await revoke(foreign.invitationId, club.owner)).toBe('not-found')
  })
})
