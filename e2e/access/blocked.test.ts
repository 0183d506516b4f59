import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Account, makeAccount, signedInAtStart, signIn } from '../support/accounts.ts'
import { call, must } from '../support/client.ts'
import { liveClient, type Told } from '../support/live.ts'
import { joinOrganization, registerOrganization } from '../support/organizations.ts'
import { until } from '../support/until.ts'
import { makeTournament, type Tournament, worldSettings } from '../support/world.ts'
import { type Server, startServer } from './server.ts'
import { openSocket } from './watched-socket.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

/** From the administrator's word until nobody is let look or act any more. */
const blockedMsMax = 5_000

let server: Server
let root: Account
let owner: Account
let support: Account
let bystander: Account
beforeAll(async () => {
  server = await startServer({ ...worldSettings, MATCHDAY_REGISTRATION: 'open' })
  const { url, mailbox } = server
  root = await signedInAtStart(url, {
    email: worldSettings.MATCHDAY_SUPERADMIN_EMAIL,
    password: worldSettings.MATCHDAY_SUPERADMIN_PASSWORD,
  })
  owner = await makeAccount(url, 'staff', mailbox)
  support = await makeAccount(url, 'staff', mailbox)
  bystander = await makeAccount(url, 'staff', mailbox)
})
afterAll(() => server.stop())

async function club(of: Account): Promise<{ organizationId: string; tournament: Tournament }> {
  const { url } = server
  const token = of.accessToken
  const organizationId = await registerOrganization(url, token)
  return { organizationId, tournament: await makeTournament(url, { token, body: { organizationId } }) }
}

const decide = (organizationId: string, approved: boolean) =>
  must(server.url, 'approveOrganization', {
    path: { organizationId },
    token: root.accessToken,
    body: { approved },
  })

const isOver = ({ what }: Told) => what === 'unsubscribed'

describe('an organisation that is blocked', () => {
  it('is not shown any more to whoever was looking, and its people are signed out; others go on', async () => {
    const { url } = server
    const { organizationId, tournament } = await club(owner)
    const others = await club(bystander)
    await joinOrganization(url, organizationId, owner.accessToken, support.accessToken, 'support')
    const onlooker = liveClient(url)
    await onlooker.watch(tournament.id)
    const elsewhere = liveClient(url)
    await elsewhere.watch(others.tournament.id)
    const socket = await openSocket(url, support.accessToken)

    await decide(organizationId, false)
    const blockedAt = performance.now()
    await onlooker.told.until((told) => told.some(isOver), blockedMsMax)
    await socket.closed.until((all) => all.length === 1, blockedMsMax)
    for (const { accessToken: token } of [owner, support]) {
      await until(
        'he is signed out',
        async () => (await call(url, 'getStaffProfile', { token })).status === 401,
      )
    }
    await until(
      'it is gone',
      async () => (await call(url, 'getTournament', { path: { id: tournament.id } })).status === 404,
    )
    expect(performance.now() - blockedAt).toBeLessThan(blockedMsMax)

    const again = liveClient(url)
    await expect(again.watch(tournament.id)).rejects.toThrow()
    again.stop()
    // Signed in once more, he may do nothing in it.
    const { accessToken: token } = await signIn(url, owner)
    for (const [name, what] of [
      ['createInvitation', { path: { organizationId }, body: { role: 'support' } }],
      ['listMembers', { path: { organizationId } }],
      ['createTournament', { body: { name: `Cup ${newId()}`, limit: 4, organizationId } }],
    ] as const) {
      const { problem } = await call(url, name, { ...what, token })
      expect(problem.code, name).toBe('organization-blocked')
    }

    expect(elsewhere.told.items.some(isOver)).toBe(false)
    expect((await call(url, 'getStaffProfile', { token: bystander.accessToken })).status).toBe(200)
    onlooker.stop()
    elsewhere.stop()

    await decide(organizationId, true)
    const back = liveClient(url)
    await until(
      'it is back',
      async () => (await call(url, 'getTournament', { path: { id: tournament.id } })).status === 200,
    )
    await back.watch(tournament.id)
    back.stop()
  })
})

describe('nobody raises himself', () => {
  it('by a change of his own membership, of his profile, or of an administrator', async () => {
    const { url, databases } = server
    await Promise.all([signIn(url, owner), signIn(url, support)])
    const { organizationId } = await club(owner)
    await joinOrganization(url, organizationId, owner.accessToken, support.accessToken, 'manager')
    const token = support.accessToken
    const member = { path: { organizationId, accountId: support.id }, token, body: { role: 'owner' } }
    expect((await call(url, 'changeMember', member)).problem.code).toMatch(/^not-(allowed|junior)$/)
    for (const key of ['role', 'platformRole', 'generation']) {
      const told = await call(url, 'changeStaffProfile', { token, body: { language: 'en', [key]: 'owner' } })
      expect(told.problem.code, key).toBe('invalid-input')
    }
    const administrator = { path: { accountId: support.id }, token, body: { role: 'superadmin' } }
    expect((await call(url, 'changeAdministrator', administrator)).problem.code).toBe('not-allowed')
    const rows = await databases.rows<{ line: string }>(
      'organizations',
      'select m::text as line from members m where account_id = $1 and organization_id = $2',
      [support.id, organizationId],
    )
    expect(rows.map(({ line }) => line).join()).toContain('manager')
    // It is he who may not: his owner changes what he is.
    const lowered = { ...member, token: owner.accessToken, body: { role: 'support' } }
    await must(url, 'changeMember', lowered)
  })
})
