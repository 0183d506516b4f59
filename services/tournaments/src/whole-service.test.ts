import {
  type Caller,
  newId,
  type PlayerAccountId,
  type StaffId,
  type TournamentId,
} from '@matchday/contracts'
import type { EmbeddedPostgres, JsonObject, Reply } from '@matchday/kernel'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { anyone, staff } from './testing/people.ts'
import { bodyOf, startServer } from './testing/real-instances.ts'
import { startWholeService, type WholeService } from './testing/whole-service.ts'

/** All parts together: requests by the bus, others asked and followed by it, rows and events in one database. */
let server: EmbeddedPostgres
let stopServer: () => Promise<void>
let whole: WholeService
const patience = { timeout: 20_000, interval: 20 }

beforeAll(async () => {
  ;({ server, stop: stopServer } = await startServer())
  whole = await startWholeService(server)
})
afterAll(async () => {
  await whole?.stop()
  await stopServer?.()
})

const codeOf = (reply: Reply) => (reply.kind === 'ok' ? 'ok' : reply.code)
const search = async () =>
  (bodyOf(await whole.send('searchTournaments', {}, anyone)).items as readonly JsonObject[]).map(
    ({ name }) => name,
  )

async function organization(name: string) {
  const [organizationId, accountId] = [newId<'organization'>(), newId<'staff'>() satisfies StaffId]
  whole.member(accountId, { organizationId, role: 'manager' })
  await whole.organizations.happens(organizationId, 'organization-registered', { name, status: 'approved' })
  const create = async (cup: string) => {
    const input = { name: cup, limit: 4, organizationId }
    return bodyOf(await whole.send('createTournament', input, staff(accountId))).id as TournamentId
  }
  return { organizationId, manager: staff(accountId), create }
}

it('a tournament of an organisation is found, managed, hidden with it, and archived with it', async () => {
  const { organizationId, manager, create } = await organization('City League')
  const id = await create('Spring Cup')
  await vi.waitUntil(async () => (await search()).includes('Spring Cup'), patience)
  expect(await whole.send('getTournament', { id }, anyone)).toMatchObject({
    body: { organization: { id: organizationId, name: 'City League' } },
  })
  expect(codeOf(await whole.send('setJoining', { id, open: true }, manager))).toBe('ok')
  expect(codeOf(await whole.send('setJoining', { id, open: true }, staff(newId())))).toBe('not-allowed')
  await whole.organizations.happens(organizationId, 'organization-blocked')
  await vi.waitUntil(async () => !(await search()).includes('Spring Cup'), patience)
  expect(codeOf(await whole.send('getTournament', { id }, anyone))).toBe('not-found')
  await whole.organizations.happens(organizationId, 'organization-deleted')
  await vi.waitUntil(
    async () => (await whole.store.eventsOf(id, 0, 10)).some(({ type }) => type === 'tournament-archived'),
    patience,
  )
  // Its name is free.
  expect(codeOf(await whole.send('createTournament', { name: 'Spring Cup', limit: 2 }, anyone))).toBe('ok')
})

it('an account that is deleted is forgotten in every tournament', async () => {
  const accountId: PlayerAccountId = newId()
  const account: Caller = { kind: 'player-account', accountId, sessionId: newId() }
  const ids: TournamentId[] = []
  for (const name of ['One', 'Two', 'Three']) {
    const { id } = bodyOf(
      await whole.send('createTournament', { name: `${name} ${newId()}`, limit: 4 }, anyone),
    )
    ids.push(id as TournamentId)
    const input = { id: id ?? '', firstName: 'Canaryfirst', lastName: 'Canarylast', showsFullName: true }
    expect(codeOf(await whole.send('joinTournament', input, account))).toBe('ok')
  }
  const mine = async () => bodyOf(await whole.send('listMySeats', {}, account)).items as readonly JsonObject[]
  expect(await mine()).toHaveLength(3)
  const exported = await whole.send(
    'exportSeats',
    { accountId },
    { kind: 'service', service: 'identity-players' },
  )
  expect(bodyOf(exported).seats).toHaveLength(3)
  await whole.players.happens(accountId, 'account-created')
  await whole.players.happens(accountId, 'account-deleted')
  await vi.waitUntil(async () => (await mine()).length === 0, patience)
  for (const id of ids) {
    const log = await whole.send('listLog', { id }, anyone)
    expect(JSON.stringify(log)).not.toContain('Canary')
    expect(bodyOf(log).items).toMatchObject([
      {},
      { type: 'player-joined' },
      { type: 'player-anonymized', by: 'service' },
    ])
  }
})

it('a join that was under way when its account was deleted is forgotten too', async () => {
  const accountId: PlayerAccountId = newId()
  const account: Caller = { kind: 'player-account', accountId, sessionId: newId() }
  const cup = { name: `Late ${newId()}`, limit: 4 }
  const { id } = bodyOf(await whole.send('createTournament', cup, anyone))
  await whole.players.happens(accountId, 'account-created')
  await whole.players.happens(accountId, 'account-deleted')
  const input = { id: id ?? '', firstName: 'Canarylate', lastName: 'Canarylast', showsFullName: true }
  expect(codeOf(await whole.send('joinTournament', input, account))).toBe('ok')
  // It may be forgotten before anybody can look.
  const events = () => whole.store.eventsOf(id as TournamentId, 0, 10)
  await vi.waitUntil(async () => (await events()).some(({ type }) => type === 'player-anonymized'), patience)
  expect((await events()).map(({ type }) => type)).toContain('player-joined')
  expect(JSON.stringify(await whole.send('listLog', { id: id ?? '' }, anyone))).not.toContain('Canarylate')
})

it('what services ask each other nobody else may', async () => {
  const { create } = await organization('Askers')
  const id = await create('Autumn Cup')
  for (const caller of [anyone, staff(newId()), { kind: 'organizer', tournamentId: id } satisfies Caller]) {
    expect(codeOf(await whole.send('getOwner', { id }, caller))).toBe('not-allowed')
  }
  const asked = await whole.send('getOwner', { id }, { kind: 'service', service: 'organizations' })
  expect(bodyOf(asked)).toMatchObject({ name: 'Autumn Cup' })
})
