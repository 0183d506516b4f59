import type { Caller, OrganizationStatus, PlayerId } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  accountIdOf,
  key,
  numberedId,
  organizationId,
  ourselves,
  staff,
  withAccount,
} from './testing/people.ts'
import { bodyOf, codeOf, toldSystem } from './testing/told-system.ts'

const manager = numberedId<'staff'>(101)
const support = numberedId<'staff'>(102)
let told: ReturnType<typeof toldSystem>

beforeEach(async () => {
  told = toldSystem()
  told.system.organizations.add(organizationId, { [manager]: 'manager', [support]: 'support' })
  await told.create('Cup', { limit: 10, organizationId, visibility: 'private' }, staff(manager))
})

const letIn = (who: string, accepted = true) =>
  told.asOrganizer('decideEntryRequest', { playerId: told.self(who).playerId, accepted })
const itemsOf = async (reply: ReturnType<typeof told.as>): Promise<readonly JsonObject[]> =>
  (await bodyOf(reply)).items as readonly JsonObject[]

describe('listPlayers', () => {
  it('tells whole names to the organiser, in the order in which players joined', async () => {
    await told.join('Ann', 'Cup', { lastName: 'Smith', by: withAccount('Ann') })
    await told.join('Ben', 'Cup', { lastName: 'Sand' })
    await letIn('Ben')
    await letIn('Ann')
    expect(await itemsOf(told.asOrganizer('listPlayers'))).toEqual([
      {
        id: told.self('Ben').playerId,
        firstName: 'Ben',
        lastName: 'Sand',
        shownAs: 'Ben S.',
        hasAccount: false,
      },
      {
        id: told.self('Ann').playerId,
        firstName: 'Ann',
        lastName: 'Smith',
        shownAs: 'Ann S.',
        hasAccount: true,
      },
    ])
  })

  it('comes in pages, from which nobody is missing when somebody leaves in between', async () => {
    const people = ['Ann', 'Ben', 'Cleo', 'Dan', 'Eva']
    for (const who of people) {
      await told.join(who)
      await letIn(who)
    }
    const first = await bodyOf(told.asOrganizer('listPlayers', { limit: 2 }))
    await told.asSelf('Ben', 'removePlayer')
    const second = await bodyOf(told.asOrganizer('listPlayers', { limit: 2, after: first.next as string }))
    const third = await bodyOf(told.asOrganizer('listPlayers', { limit: 2, after: second.next as string }))
    const names = [first, second, third].flatMap(({ items }) => items as JsonObject[])
    expect(names.map(({ firstName }) => firstName)).toEqual(people)
    expect(third.next).toBeNull()
    expect(await itemsOf(told.asOrganizer('listPlayers', { after: 'nonsense' }))).toEqual([])
  })

  it('has no name of whoever was forgotten', async () => {
    await told.join('Ann', 'Cup', { lastName: 'Smith' })
    await letIn('Ann')
    await told.asSelf('Ann', 'anonymizePlayer')
    expect(await itemsOf(told.asOrganizer('listPlayers'))).toMatchObject([
      { firstName: 'Player', lastName: '1' },
    ])
  })
})

describe('waiting to be let in', () => {
  it('is listed, first come first, and ends with the decision', async () => {
    await told.join('Ann', 'Cup', { lastName: 'Smith' })
    await told.join('Ben', 'Cup', { lastName: 'Sand' })
    const first = await bodyOf(
      told.as(key(organizationId, 'tournaments:read'), 'listEntryRequests', { limit: 1 }),
    )
    expect(first.items).toMatchObject([
      { playerId: told.self('Ann').playerId, firstName: 'Ann', lastName: 'Smith' },
    ])
    const second = await itemsOf(told.asOrganizer('listEntryRequests', { after: first.next as string }))
    expect(second).toMatchObject([{ firstName: 'Ben', lastName: 'Sand' }])
    await letIn('Ann')
    await letIn('Ben', false)
    expect(await itemsOf(told.asOrganizer('listEntryRequests'))).toEqual([])
    expect(await codeOf(letIn('Ann'))).toBe('already-decided')
    expect(await codeOf(letIn('Ben'))).toBe('already-decided')
  })

  it('is what a seat says, until it is one, or none', async () => {
    await told.join('Ann')
    await told.join('Ben')
    expect(await codeOf(told.asSelf('Ann', 'getSeat'))).toBe('waiting-for-approval')
    expect(await codeOf(told.asSelf('Ann', 'getTournament'))).toBe('not-found')
    expect(await codeOf(told.asSelf('Ann', 'pickTeam', { team: 'PSG' }))).toBe('not-a-player')
    expect(await codeOf(told.asSelf('Ann', 'movePass'))).toBe('not-a-player')
    await letIn('Ann')
    await letIn('Ben', false)
    expect(await bodyOf(told.asSelf('Ann', 'getSeat'))).toMatchObject({ firstName: 'Ann' })
    expect(await codeOf(told.asSelf('Ann', 'getTournament'))).toBe('ok')
    expect(await codeOf(told.asSelf('Ben', 'getSeat'))).toBe('not-a-player')
    expect(await codeOf(told.join('Ben'))).toBe('ok')
  })

  it('can be taken back', async () => {
    await told.join('Ann')
    expect(await codeOf(told.asSelf('Ann', 'removePlayer'))).toBe('ok')
    expect(await codeOf(told.asSelf('Ann', 'getSeat'))).toBe('not-a-player')
    expect(await codeOf(told.join('Ann'))).toBe('ok')
  })
})

describe('a private tournament', () => {
  it('is led to by its code, which is the invitation', async () => {
    const { joinCode: code } = await bodyOf(told.asOrganizer('getTournament'))
    expect(await codeOf(told.asAnyone('findByJoinCode', { code }))).toBe('ok')
    expect(await bodyOf(told.join('Ann'))).toMatchObject({
      isWaiting: true,
      firstName: 'Ann',
      lastName: 'S.',
    })
  })

  it('is read by the organisation’s people, support too, who change nothing', async () => {
    expect(await codeOf(told.as(staff(support), 'getTournament'))).toBe('ok')
    expect(await codeOf(told.as(staff(support), 'listPlayers'))).toBe('not-allowed')
    expect(await codeOf(told.as(staff(manager), 'listPlayers'))).toBe('ok')
  })

  it('can become public, and private again; those who are in stay in', async () => {
    await told.join('Ann')
    await letIn('Ann')
    await told.asOrganizer('changeDetails', { visibility: 'public' })
    expect(await codeOf(told.asAnyone('getTournament'))).toBe('ok')
    expect(await bodyOf(told.join('Ben'))).toMatchObject({ isWaiting: false })
    await told.asOrganizer('changeDetails', { visibility: 'private' })
    expect(await codeOf(told.asAnyone('getTournament'))).toBe('not-found')
    expect(await codeOf(told.asSelf('Ben', 'getTournament'))).toBe('ok')
  })
})

describe('the organisation of a tournament', () => {
  it('is told with it, and to other services', async () => {
    expect(await bodyOf(told.asOrganizer('getTournament'))).toMatchObject({
      organization: { id: organizationId, name: 'City League' },
    })
    expect(await bodyOf(told.as(ourselves, 'getOwner'))).toEqual({ organizationId, name: 'Cup' })
    await told.create('Mine')
    const id = told.tournamentId('Mine')
    expect(await bodyOf(told.as(ourselves, 'getOwner', { id }))).toEqual({
      organizationId: null,
      name: 'Mine',
    })
    expect(await codeOf(told.as(ourselves, 'getOwner', { id: numberedId(999) }))).toBe('not-found')
    expect(await codeOf(told.as(staff(manager), 'getOwner', { id }))).toBe('not-allowed')
  })

  it.each<[OrganizationStatus | 'deleted', string]>([
    ['approved', 'ok'],
    ['pending', 'ok'],
    ['blocked', 'not-found'],
    ['deleted', 'not-found'],
  ])('%s: its public tournaments are %s to everybody', async (status, outcome) => {
    await told.asOrganizer('changeDetails', { visibility: 'public' })
    const { joinCode: code } = await bodyOf(told.asAnyone('getTournament'))
    told.system.organizations.set(organizationId, status)
    for (const operation of ['getTournament', 'listTeams', 'listLog'] as const) {
      expect(await codeOf(told.asAnyone(operation))).toBe(outcome)
    }
    expect(await codeOf(told.asAnyone('findByJoinCode', { code }))).toBe(outcome)
    expect(await codeOf(told.join('Ann'))).toBe(outcome)
  })

  it('when it is deleted takes its tournaments with it, and frees their names', async () => {
    await told.join('Ann')
    told.system.organizations.set(organizationId, 'deleted')
    await told.system.hear('organizations', 'organization-deleted', organizationId)
    expect(told.system.events(told.tournamentId()).at(-1)).toMatchObject({
      type: 'tournament-archived',
      by: 'service',
    })
    expect(await codeOf(told.create('Cup'))).toBe('ok')
    const count = told.versions().length
    await told.system.hear('organizations', 'organization-deleted', organizationId)
    expect(told.versions()).toHaveLength(count)
  })
})

describe('an account', () => {
  const ann = withAccount('Ann')
  const seatsOf = (by: Caller, input: JsonObject = {}) => bodyOf(told.as(by, 'listMySeats', input))

  beforeEach(async () => {
    await told.create('Old', { limit: 5 })
    await told.create('New', { limit: 5, startsAt: '2026-06-01T18:00:00.000Z' })
    await told.join('Ann', 'Old', { by: ann })
    await told.join('Ann', 'New')
    const token = `signed ${JSON.stringify(told.self('Ann'))}`
    await told.as(ann, 'linkSeat', { id: told.tournamentId('New'), playerToken: token })
    await told.join('Ann', 'Cup', { by: ann })
  })

  it('has its seats listed, newest tournament first, the one it waits for too, and in the archive', async () => {
    await told.asOrganizer('archiveTournament', {}, { name: 'Old' })
    expect((await seatsOf(ann)).items).toMatchObject([
      {
        tournament: 'New',
        status: 'open',
        player: { firstName: 'Ann' },
        startsAt: '2026-06-01T18:00:00.000Z',
      },
      { tournament: 'Old', status: 'archived', player: { lastName: 'S.' }, isWaiting: false },
      { tournament: 'Cup', player: null, isWaiting: true },
    ])
    expect((await seatsOf(withAccount('Ben'))).items).toEqual([])
  })

  it('comes in pages', async () => {
    const first = await seatsOf(ann, { limit: 2 })
    expect(first.items).toMatchObject([{ tournament: 'New' }, { tournament: 'Old' }])
    expect(await seatsOf(ann, { limit: 2, after: first.next as string })).toMatchObject({
      items: [{ tournament: 'Cup' }],
      next: null,
    })
  })

  it('has no seat any more where it left or was declined', async () => {
    await letIn('Ann', false)
    const id = told.tournamentId('New')
    const { player } = ((await seatsOf(ann)).items as JsonObject[])[0] as { player: JsonObject }
    const organizer: Caller = { kind: 'organizer', tournamentId: id }
    await told.as(organizer, 'removePlayer', { id, playerId: player.id as string })
    expect((await seatsOf(ann)).items).toMatchObject([{ tournament: 'Old' }])
  })

  it('sits down again on another device, and the pass before stops working', async () => {
    const id = told.tournamentId('New')
    const opened = await bodyOf(told.as(ann, 'openSeat', { id }))
    expect(opened).toMatchObject({ firstName: 'Ann', lastName: 'S.' })
    const playerId = opened.playerId as PlayerId
    const old: Caller = { kind: 'player', tournamentId: id, playerId, pass: 1 }
    expect(await codeOf(told.as(old, 'getSeat', { id, playerId }))).toBe('pass-moved')
  })

  it('takes all that is kept of it along', async () => {
    const { seats } = await bodyOf(
      told.system.send({
        operation: 'exportSeats',
        input: { accountId: accountIdOf('Ann') },
        by: ourselves,
      }),
    )
    expect(seats).toMatchObject([
      { tournament: 'Cup', firstName: 'Ann', lastName: 'Smith', shownAs: 'Ann S.', isWaiting: true },
      { tournament: 'Old', lastName: 'Smith', isWaiting: false, pick: null, team: null },
      { tournament: 'New', lastName: 'Smith' },
    ])
    const request = { operation: 'exportSeats' as const, input: { accountId: accountIdOf('Ann') } }
    expect(await codeOf(told.system.send({ ...request, by: ann }))).toBe('not-allowed')
  })

  it('that is deleted leaves nothing of a name anywhere, and others go on', async () => {
    await told.join('Ben', 'New', { lastName: 'Sand' })
    await told.system.hear('identity-players', 'account-deleted', accountIdOf('Ann'))
    await told.system.hear('identity-players', 'account-deleted', accountIdOf('Ann'))
    for (const name of ['Cup', 'Old', 'New']) {
      const id = told.tournamentId(name)
      const kept = [told.system.events(id), [...told.system.secrets(id)], told.system.claimsOf(id)]
      expect(JSON.stringify(kept)).not.toMatch(/Ann|Smith/)
      expect(JSON.stringify(kept)).not.toContain(accountIdOf('Ann'))
    }
    expect((await seatsOf(ann)).items).toEqual([])
    const { players } = await bodyOf(told.asAnyone('getTournament', { id: told.tournamentId('New') }))
    expect(players).toMatchObject([{ firstName: 'Player', lastName: '1' }, { firstName: 'Ben' }])
    // His name is free, and so is his seat in none.
    expect(await codeOf(told.join('Ann', 'New'))).toBe('ok')
  })
})
