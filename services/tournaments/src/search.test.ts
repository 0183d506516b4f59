import { type Caller, newId, type TournamentId } from '@matchday/contracts'
import type { EmbeddedPostgres, JsonObject } from '@matchday/kernel'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ListedSystem, patience, startListedSystem } from './testing/listed-system.ts'
import { startServer } from './testing/real-instances.ts'
import { passOf } from './testing/test-passes.ts'
import { listedTournamentsView } from './views/listed-tournaments.ts'

let server: EmbeddedPostgres
let stopServer: () => Promise<void>
let system: ListedSystem
let league: Awaited<ReturnType<ListedSystem['organization']>>
let databases = 0

beforeAll(async () => {
  ;({ server, stop: stopServer } = await startServer())
})
afterAll(() => stopServer?.())
beforeEach(async () => {
  system = await startListedSystem(server, `search_${databases++}`)
  league = await system.organization()
  return () => system.stop()
})

const dayMs = 24 * 60 * 60 * 1_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString()
const organizerOf = (tournamentId: TournamentId): Caller => ({ kind: 'organizer', tournamentId })
const change = (id: TournamentId, input: JsonObject) =>
  system.send('changeDetails', { id, ...input }, league.manager)

describe('a search', () => {
  it('finds text in name, description and address, whatever case and accents', async () => {
    await system.create(league, { name: 'Zürich Open' })
    await system.create(league, { name: 'Two', description: 'Am See,\nbei Zu\u0308RICH' })
    await system.create(league, { name: 'Three', address: 'Zurichstraße 1' })
    await system.create(league, { name: 'Four', address: 'Bern' })
    const found = ['Zürich Open', 'Two', 'Three']
    for (const query of ['zürich', 'ZURICH', ' Zu\u0308rich ', 'z\u200burich']) {
      expect(await system.search({ query })).toEqual(found)
    }
    expect(await system.search({ query: 'zurichstrasse' })).toEqual(['Three'])
    expect(await system.search({ query: 'see, bei' })).toEqual(['Two'])
    // Not over the end of one text into the next.
    expect(await system.search({ query: 'four bern' })).toEqual([])
  })

  it('takes wildcards for what they are', async () => {
    await system.create(league, { name: '100% Cup' })
    await system.create(league, { name: '100 Cup' })
    await system.create(league, { name: 'a_b' })
    await system.create(league, { name: 'axb' })
    await system.create(league, { name: 'back\\slash' })
    expect(await system.search({ query: '100%' })).toEqual(['100% Cup'])
    expect(await system.search({ query: '%' })).toEqual(['100% Cup'])
    expect(await system.search({ query: '_' })).toEqual(['a_b'])
    expect(await system.search({ query: 'a_b' })).toEqual(['a_b'])
    expect(await system.search({ query: '\\' })).toEqual(['back\\slash'])
    expect(await system.search({ query: '\\%' })).toEqual([])
    expect(await system.search({ query: "'; drop table listed_tournaments; --" })).toEqual([])
  })

  it('for nothing finds everything, and for too much nothing', async () => {
    await system.create(league, { name: 'One' })
    for (const query of ['', '  ', '\u0301', '\u200b'])
      expect(await system.search({ query })).toEqual(['One'])
    expect(await system.search({ query: 'o'.repeat(100) })).toEqual([])
    expect(await system.search({ query: '\ufdfa'.repeat(100) })).toEqual([])
  })

  it('tells what is listed, and it is up to date', async () => {
    const details = {
      description: 'Five',
      address: 'Road',
      latitude: 1.5,
      longitude: -2,
      startsAt: inDays(1),
    }
    const id = await system.create(league, { name: 'Cup', limit: 3, ...details })
    await system.send('joinTournament', { id, firstName: 'Ann', lastName: 'Smith' }, { kind: 'anyone' })
    const { items } = await system.ask('searchTournaments', {}, { kind: 'anyone' })
    const { joinCode } = await system.ask('getTournament', { id }, { kind: 'anyone' })
    expect(items).toEqual([
      {
        ...{ id, name: 'Cup', status: 'open', joining: true, joinCode, limit: 3, seatsLeft: 2 },
        organization: { id: league.id, name: 'City League' },
        ...{ ...details, endsAt: null, visibility: 'public' },
      },
    ])
    await system.send('setJoining', { id, open: false }, league.manager)
    await system.send('renameTournament', { id, name: 'Final' }, league.manager)
    system.log.tell(league.id, 'organization-changed', { name: 'County League' })
    await vi.waitUntil(async () => (await system.known(league.id))?.name === 'County League', patience)
    const after = await system.ask('searchTournaments', { query: 'final' }, { kind: 'anyone' })
    expect(after.items).toMatchObject([{ joining: false, organization: { name: 'County League' } }])
    expect(await system.search({ query: 'cup' })).toEqual([])
  })
})

describe('what is found', () => {
  it('is public, and belongs to an approved organisation', async () => {
    await system.create(league, { name: 'Public' })
    const unlisted = await system.create(league, { name: 'Unlisted', visibility: 'unlisted' })
    await system.create(league, { name: 'Private', visibility: 'private' })
    await system.create(null, { name: 'Mine', visibility: 'public' })
    expect(await system.search()).toEqual(['Public'])
    await change(unlisted, { visibility: 'public' })
    expect(await system.search()).toEqual(['Public', 'Unlisted'])
    await change(unlisted, { visibility: 'private' })
    expect(await system.search()).toEqual(['Public'])
  })

  it('vanishes at once with an organisation that is blocked or deleted, and comes back with it', async () => {
    const other = await system.organization('Other')
    const pending = await system.organization('Waits', 'pending')
    await system.create(league, { name: 'One' })
    await system.create(other, { name: 'Two' })
    await system.create(pending, { name: 'Three' })
    expect(await system.search()).toEqual(['One', 'Two'])
    await system.tell(league.id, 'blocked')
    expect(await system.search()).toEqual(['Two'])
    await system.tell(league.id, 'approved')
    await system.tell(other.id, 'deleted')
    await system.tell(pending.id, 'approved')
    expect(await system.search()).toEqual(['One', 'Three'])
    expect(await system.known(other.id)).toEqual({ name: '', status: 'deleted' })
  })

  it('can be what was nobody’s before, as it is by then', async () => {
    const id = await system.create(null, { name: 'Mine', limit: 5, description: 'Found later' })
    for (const firstName of ['Ann', 'Ben', 'Cleo']) {
      await system.send('joinTournament', { id, firstName, lastName: 'Smith' }, { kind: 'anyone' })
    }
    const { players } = await system.ask('getTournament', { id }, { kind: 'anyone' })
    const [ann] = players as readonly { id: string }[]
    await system.send('removePlayer', { id, playerId: ann?.id ?? '' }, organizerOf(id))
    await system.send('changeDetails', { id, visibility: 'public' }, organizerOf(id))
    expect(await system.search()).toEqual([])
    const input = { id, organizationId: league.id, organizerToken: passOf(organizerOf(id)) }
    await system.send('claimTournament', input, league.manager)
    const { items } = await system.ask('searchTournaments', { query: 'later' }, { kind: 'anyone' })
    expect(items).toMatchObject([{ name: 'Mine', seatsLeft: 3, limit: 5, joining: true, status: 'open' }])
  })
})

describe('the time of what is found', () => {
  const times: Record<string, JsonObject> = {
    Yesterday: { startsAt: inDays(-2), endsAt: inDays(-1) },
    'Now, without an end': { startsAt: inDays(-0.5) },
    Now: { startsAt: inDays(-3), endsAt: inDays(1) },
    Tomorrow: { startsAt: inDays(1), endsAt: inDays(1.5) },
    'Next week': { startsAt: inDays(7) },
    'Some day': {},
  }

  beforeEach(async () => {
    for (const [name, details] of Object.entries(times)) await system.create(league, { name, ...details })
  })

  it('is not over, unless a time is named that is', async () => {
    expect(await system.search()).toEqual(['Now', 'Now, without an end', 'Tomorrow', 'Next week', 'Some day'])
    expect(await system.search({ from: inDays(-1.5), to: inDays(-1.2) })).toEqual(['Now', 'Yesterday'])
    expect(await system.search({ to: inDays(-1) })).toEqual(['Now', 'Yesterday'])
    expect(await system.search({ from: inDays(-30) })).toEqual([
      ...['Now', 'Yesterday', 'Now, without an end', 'Tomorrow', 'Next week'],
    ])
  })

  it('overlaps what was asked for', async () => {
    expect(await system.search({ from: inDays(0.9), to: inDays(2) })).toEqual(['Now', 'Tomorrow'])
    expect(await system.search({ to: inDays(2) })).toEqual(['Now', 'Now, without an end', 'Tomorrow'])
    expect(await system.search({ from: inDays(2) })).toEqual(['Next week'])
    expect(await system.search({ from: inDays(8.5) })).toEqual([])
    expect(await system.search({ from: inDays(3), to: inDays(2) })).toEqual([])
  })

  it('is past for what lies in the archive', async () => {
    const { items } = await system.ask('searchTournaments', { query: 'tomorrow' }, { kind: 'anyone' })
    const id = (items as readonly { id: TournamentId }[])[0]!.id
    await system.send('archiveTournament', { id }, league.manager)
    expect(await system.search({ query: 'tomorrow' })).toEqual([])
    expect(await system.search({ query: 'tomorrow', from: inDays(0) })).toEqual(['Tomorrow'])
  })
})

describe('pages', () => {
  async function pages(
    operation: 'searchTournaments' | 'listOrganizationTournaments',
    between: () => Promise<unknown>,
  ) {
    const names: string[] = []
    const input = operation === 'searchTournaments' ? {} : { organizationId: league.id }
    let after: string | undefined
    do {
      const page = await system.ask(
        operation,
        { ...input, limit: 2, ...(after && { after }) },
        league.manager,
      )
      names.push(...(page.items as readonly { name: string }[]).map(({ name }) => name))
      after = (page.next ?? undefined) as string | undefined
      expect(after ?? 'a.b').toMatch(/^[A-Za-z0-9._~-]{1,200}$/)
      await between()
    } while (after !== undefined)
    return names
  }

  it('of a search hold everything once, in order, while others come in', async () => {
    // Three begin at the same moment.
    const days = [5, 1, 3, 3, 3, 2]
    const moments = new Map(days.map((day) => [day, inDays(day)]))
    for (const [index, day] of days.entries()) {
      await system.create(league, { name: `${day} ${index}`, startsAt: moments.get(day) ?? null })
    }
    await system.create(league, { name: 'some day' })
    let late = 0
    const found = await pages('searchTournaments', async () => {
      await system.create(league, { name: `late ${late++}`, startsAt: inDays(0.1) })
    })
    expect(found).toEqual(['1 1', '2 5', '3 2', '3 3', '3 4', '5 0', 'some day'])
  })

  it('of an organisation hold everything once, newest first', async () => {
    for (const name of ['one', 'two', 'three', 'four', 'five']) {
      await system.create(league, { name, visibility: name === 'two' ? 'private' : 'public' })
    }
    await system.create(await system.organization('Other'), { name: 'others' })
    const found = await pages('listOrganizationTournaments', () => system.create(league))
    expect(found).toEqual(['five', 'four', 'three', 'two', 'one'])
  })

  it('of a cursor that nobody gave are empty', async () => {
    await system.create(league)
    for (const after of [
      'x',
      '1',
      '1.x',
      `.${newId()}`,
      `1.${newId()}.1`,
      `-1.${newId()}`,
      `1e3.${newId()}`,
    ]) {
      const page = await system.ask('searchTournaments', { after }, { kind: 'anyone' })
      expect(page).toEqual({ items: [], next: null })
    }
    const mine = { organizationId: league.id, after: 'x' }
    expect(await system.ask('listOrganizationTournaments', mine, league.manager)).toEqual({
      items: [],
      next: null,
    })
  })
})

it('an organisation’s list is for its people, while it may do anything', async () => {
  const list = (by: Caller) => system.ask('listOrganizationTournaments', { organizationId: league.id }, by)
  await expect(list({ kind: 'anyone' })).rejects.toThrow('not-found')
  await expect(list((await system.organization('Other')).manager)).rejects.toThrow('not-found')
  expect(await list(league.manager)).toEqual({ items: [], next: null })
  await system.tell(league.id, 'blocked')
  await expect(list(league.manager)).rejects.toThrow('organization-blocked')
})

it('what is listed is the same when it is computed anew from what happened', async () => {
  const one = await system.create(league, { name: 'One', startsAt: inDays(1) })
  await system.send('joinTournament', { id: one, firstName: 'Ann', lastName: 'Smith' }, { kind: 'anyone' })
  const two = await system.create(null, { name: 'Two', visibility: 'public' })
  await system.send('joinTournament', { id: two, firstName: 'Ann', lastName: 'Smith' }, { kind: 'anyone' })
  const input = { id: two, organizationId: league.id, organizerToken: passOf(organizerOf(two)) }
  await system.send('claimTournament', input, league.manager)
  await system.send('archiveTournament', { id: one }, league.manager)
  await system.caughtUp()
  const rows = () => system.instances.rows('select * from listed_tournaments order by id', [])
  const before = await rows()
  expect(before).toHaveLength(2)
  await system.run([{ ...listedTournamentsView, schema: listedTournamentsView.schema + 1 }])
  await vi.waitUntil(async () => (await rows()).length === 2, patience)
  await vi.waitUntil(async () => JSON.stringify(await rows()) === JSON.stringify(before), patience)
})
