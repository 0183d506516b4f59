import { verifyProof } from '@matchday/competition'
import { type Caller, Tournament } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import { accountIdOf, key, numberedId, organizationId, staff, withAccount } from './testing/people.ts'
import { bodyOf, codeOf, toldSystem } from './testing/told-system.ts'

const manager = numberedId<'staff'>(101)
let told: ReturnType<typeof toldSystem>

beforeEach(async () => {
  told = toldSystem()
  await told.create('Cup', { limit: 3, picks: 'shared', drawMode: 'derangement' })
  await told.join('Ann')
})

async function readinessNow() {
  return (await bodyOf(told.asAnyone('getTournament'))).readiness
}

async function drawThree() {
  await told.join('Ben')
  await told.join('Cleo')
  await told.pick('Ann', 'PSG')
  await told.pick('Ben', 'Bayern')
  await told.pick('Cleo', 'Chelsea')
  return bodyOf(told.asOrganizer('drawTeams'))
}

describe('getTournament', () => {
  it('answers with all that the contract names, and nothing else', async () => {
    const body = await bodyOf(told.asAnyone('getTournament'))
    expect(Object.keys(body).sort()).toEqual(Object.keys(Tournament.properties).sort())
    expect(body).toMatchObject({
      id: told.tournamentId(),
      status: 'open',
      joining: true,
      seatsLeft: 2,
      players: [{ firstName: 'Ann', lastName: 'S.', pick: null, team: null }],
      organization: null,
      visibility: 'unlisted',
      draws: [{ attempt: 1, status: 'committed' }],
      version: 2,
    })
    expect(body.joinUrl).toBe(`https://matchday.test/j/${body.joinCode}`)
  })

  it('carries its version', async () => {
    expect(await told.asAnyone('getTournament')).toMatchObject({ version: 2 })
  })

  it('tells before the button whether the draw would take place', async () => {
    expect(await readinessNow()).toEqual({ ready: false, reason: 'not-full' })
    await told.join('Ben')
    await told.join('Cleo')
    expect(await readinessNow()).toEqual({ ready: false, reason: 'not-all-picked' })
    await told.pick('Ann', 'PSG')
    await told.pick('Ben', 'PSG')
    await told.pick('Cleo', 'Chelsea')
    expect(await readinessNow()).toEqual({
      ready: false,
      reason: 'draw-impossible',
      blocking: [{ team: 'PSG', count: 2, atMost: 1 }],
    })
    await told.asSelf('Ben', 'removePlayer')
    await told.asOrganizer('setJoining', { open: false })
    expect(await readinessNow()).toEqual({ ready: true })
    await told.asOrganizer('drawTeams')
    expect(await readinessNow()).toEqual({ ready: false, reason: 'already-drawn' })
    await told.asOrganizer('archiveTournament')
    expect(await readinessNow()).toEqual({ ready: false, reason: 'tournament-archived' })
  })

  it('shows every attempt, and the teams of the one that counts', async () => {
    const { assignments } = await drawThree()
    const drawn = await bodyOf(told.asAnyone('getTournament'))
    expect(drawn.players).toMatchObject(
      JSON.parse(JSON.stringify(assignments)).map(({ playerId, team }: Record<string, string>) => ({
        id: playerId,
        team,
      })),
    )
    await told.asOrganizer('voidDraw', { reason: 'Ben was not there' })
    expect(await bodyOf(told.asAnyone('getTournament'))).toMatchObject({
      status: 'open',
      players: [{ team: null }, { team: null }, { team: null }],
      draws: [
        { attempt: 1, status: 'void', voidReason: 'Ben was not there' },
        { attempt: 2, status: 'committed' },
      ],
    })
  })
})

describe('listTeams', () => {
  it('tells who has picked what', async () => {
    await told.join('Ben')
    await told.pick('Ben', 'PSG')
    await told.pick('Ann', 'PSG')
    const { items } = await bodyOf(told.asAnyone('listTeams'))
    expect(items).toHaveLength(10)
    expect(items).toContainEqual({ name: 'Bayern', picks: 0 })
    expect(items).toContainEqual({ name: 'PSG', picks: 2, pickedBy: told.self('Ann').playerId })
  })
})

describe('findByJoinCode', () => {
  it('takes the code as people type it', async () => {
    const { joinCode } = await bodyOf(told.asAnyone('getTournament'))
    const typed = `${String(joinCode).slice(0, 3)} - ${String(joinCode).slice(3)}`.toLowerCase()
    expect(await bodyOf(told.asAnyone('findByJoinCode', { code: typed }))).toEqual({
      tournamentId: told.tournamentId(),
      name: 'Cup',
      joining: true,
      seatsLeft: 2,
    })
    expect(await codeOf(told.asAnyone('findByJoinCode', { code: 'ZZZZZZ' }))).toBe('not-found')
  })

  it('says that joining is over after the draw', async () => {
    const { joinCode: code } = await bodyOf(told.asAnyone('getTournament'))
    await drawThree()
    expect(await bodyOf(told.asAnyone('findByJoinCode', { code }))).toMatchObject({ joining: false })
  })
})

describe('getSeat', () => {
  it('is good for the latest pass only', async () => {
    expect(await bodyOf(told.asSelf('Ann', 'getSeat'))).toMatchObject({ firstName: 'Ann', pick: null })
    await told.asSelf('Ann', 'movePass')
    expect(await codeOf(told.asSelf('Ann', 'getSeat'))).toBe('pass-moved')
    await told.asOrganizer('removePlayer', { playerId: told.self('Ann').playerId })
    expect(await codeOf(told.asSelf('Ann', 'getSeat'))).toBe('not-a-player')
  })
})

describe('getDrawProof', () => {
  it('can be checked by anybody', async () => {
    await drawThree()
    const proof = await bodyOf(told.asAnyone('getDrawProof'))
    expect(verifyProof(proof)).toMatchObject({ ok: true })
    expect(proof.entrants).toMatchObject([{ name: 'Ann S.' }, { name: 'Ben S.' }, { name: 'Cleo S.' }])
  })

  it('keeps void attempts, each with its reason', async () => {
    await drawThree()
    const first = await bodyOf(told.asAnyone('getDrawProof'))
    await told.asOrganizer('voidDraw', { reason: 'Ben was not there' })
    expect(await codeOf(told.asAnyone('getDrawProof'))).toBe('not-drawn')
    expect(await bodyOf(told.asAnyone('getDrawProof', { attempt: 1 }))).toEqual(first)
    await told.asOrganizer('drawTeams')
    await told.asOrganizer('voidDraw', { reason: 'nor was Ann' })
    await told.asOrganizer('drawTeams')
    const third = await bodyOf(told.asAnyone('getDrawProof'))
    expect(verifyProof(third)).toMatchObject({ ok: true })
    expect(third).toMatchObject({
      attempt: 3,
      voided: [
        { reason: 'Ben was not there', proof: first },
        { reason: 'nor was Ann', proof: { attempt: 2 } },
      ],
    })
  })

  it('is not there before the draw, nor for an attempt that never was', async () => {
    expect(await codeOf(told.asAnyone('getDrawProof'))).toBe('not-drawn')
    expect(await codeOf(told.asAnyone('getDrawProof', { attempt: 1 }))).toBe('not-drawn')
    await drawThree()
    expect(await codeOf(told.asAnyone('getDrawProof', { attempt: 2 }))).toBe('not-drawn')
  })

  it('cuts names that are too long for its format, not in the middle of a character', async () => {
    const long = '\u{1f984}'.repeat(59)
    await told.system.send({
      operation: 'joinTournament',
      input: { id: told.tournamentId(), firstName: `x${long}`, lastName: long, showsFullName: true },
      by: { kind: 'anyone' },
    })
    const joined = told.system.events(told.tournamentId()).at(-1)
    const playerId = String(joined?.data.playerId)
    await told.system.send({
      operation: 'pickTeam',
      input: { id: told.tournamentId(), playerId, team: 'Chelsea' },
      by: { ...told.self('Ann'), playerId: playerId as never },
    })
    await told.pick('Ann', 'PSG')
    await told.asOrganizer('setJoining', { open: false })
    await told.asOrganizer('drawTeams')
    const proof = await bodyOf(told.asAnyone('getDrawProof'))
    expect(verifyProof(proof)).toMatchObject({ ok: true })
    expect(JSON.stringify(proof)).not.toMatch(/\\ud[89a-f]/)
  })
})

describe('listLog', () => {
  it('pages through what happened, and by whom', async () => {
    await told.pick('Ann', 'PSG')
    await told.asOrganizer('setJoining', { open: false })
    const first = await bodyOf(told.asAnyone('listLog', { limit: 3 }))
    expect(first).toMatchObject({
      items: [
        { version: 1, type: 'tournament-created', by: 'anyone' },
        { version: 2, type: 'player-joined', by: 'anyone' },
        { version: 3, type: 'team-picked', by: 'player', data: { team: 'PSG' } },
      ],
      next: 3,
    })
    expect(await bodyOf(told.asAnyone('listLog', { limit: 3, after: 3 }))).toMatchObject({
      items: [{ version: 4, type: 'joining-changed', by: 'organizer' }],
      next: null,
    })
  })

  it('says in what part somebody did it, and not by which account', async () => {
    told.system.organizations.add(organizationId, { [manager]: 'manager' })
    await told.create('League', { limit: 5, organizationId }, staff(manager))
    const id = told.tournamentId('League')
    await told.join('Ben', 'League', { by: withAccount('Ben') })
    const deeds: [Caller, JsonObject][] = [
      [staff(manager), { description: 'one' }],
      [key(organizationId, 'tournaments:write'), { description: 'two' }],
    ]
    for (const [by, details] of deeds) await told.as(by, 'changeDetails', { id, ...details })
    await told.system.hear('identity-players', 'account-deleted', accountIdOf('Ben'))
    const { items } = await bodyOf(told.asAnyone('listLog', { id }))
    expect(items).toMatchObject([
      { type: 'tournament-created', by: 'organizer' },
      { type: 'player-joined', by: 'player' },
      { type: 'details-changed', by: 'organizer' },
      { type: 'details-changed', by: 'organizer' },
      { type: 'player-anonymized', by: 'service' },
    ])
    expect(JSON.stringify(items)).not.toContain(accountIdOf('Ben'))
    expect(JSON.stringify(items)).not.toContain('Ben')
  })
})

describe('highlightTeam', () => {
  it('goes to the channel, the latest of each player', async () => {
    await told.asSelf('Ann', 'highlightTeam', { team: 'PSG' })
    await told.asSelf('Ann', 'highlightTeam', { team: null })
    const { playerId } = told.self('Ann')
    const channel = `tournament:${told.tournamentId()}`
    expect(told.system.whispers).toEqual([
      { channel, type: 'highlights', key: playerId, value: { playerId, team: 'PSG' } },
      { channel, type: 'highlights', key: playerId, value: { playerId, team: null } },
    ])
    expect(told.versions()).toHaveLength(2)
  })

  it('is for those who are in, for teams in the list, and before the draw', async () => {
    const highlight = (team: string) => codeOf(told.asSelf('Ann', 'highlightTeam', { team }))
    expect(await highlight('none')).toBe('unknown-team')
    await drawThree()
    expect(await highlight('PSG')).toBe('already-drawn')
    await told.asOrganizer('archiveTournament')
    expect(await highlight('PSG')).toBe('tournament-archived')
    await told.asSelf('Ann', 'movePass')
    expect(await highlight('none')).toBe('pass-moved')
    expect(told.system.whispers).toEqual([])
  })
})

it('every query about a tournament that is not there says so', async () => {
  const nowhere = toldSystem()
  await nowhere.create('Cup')
  const id = told.self('Ann').playerId
  for (const operation of ['getTournament', 'listTeams', 'getDrawProof', 'listLog'] as const) {
    expect(await codeOf(nowhere.asAnyone(operation, { id }))).toBe('not-found')
  }
})
