import { describe, expect, it } from 'vitest'
import { bodyOf, codeOf, toldSystem } from './testing/told-system.ts'

/**
 * What the system that Matchday's team draw comes from has proved by its tests, with what was changed since.
 */
async function twoPlayers() {
  const told = toldSystem()
  await told.create('Cup', { limit: 2 })
  await told.join('Ann')
  await told.join('Ben')
  return told
}

describe('creating and renaming', () => {
  it('a new tournament has version 1', async () => {
    const told = toldSystem()
    expect(await bodyOf(told.create())).toMatchObject({ version: 1 })
  })

  it('a name that another tournament has is refused', async () => {
    const told = toldSystem()
    await told.create('Cup')
    expect(await codeOf(told.create('Cup'))).toBe('name-taken')
    expect(await codeOf(told.create('CÚP'))).toBe('name-taken')
    await told.create('League')
    const name = { name: 'League', expectedVersion: 1 }
    expect(await codeOf(told.asOrganizer('renameTournament', { name: 'cup' }, name))).toBe('name-taken')
  })

  it('renaming gives version 2; naming a stale version changes neither name nor version', async () => {
    const told = toldSystem()
    await told.create('Cup')
    const rename = (name: string, expectedVersion: number) =>
      told.asOrganizer('renameTournament', { name }, { expectedVersion })
    expect(await bodyOf(rename('Final', 1))).toMatchObject({ name: 'Final', version: 2 })
    expect(await codeOf(rename('Other', 1))).toBe('stale-version')
    expect(await bodyOf(told.asAnyone('getTournament'))).toMatchObject({ name: 'Final', version: 2 })
  })

  it('renaming back works, for the name has become free', async () => {
    const told = toldSystem()
    await told.create('Cup')
    const rename = (name: string, expectedVersion: number) =>
      told.asOrganizer('renameTournament', { name }, { expectedVersion })
    await rename('Final', 1)
    expect(await bodyOf(rename('Cup', 2))).toMatchObject({ name: 'Cup', version: 3 })
    expect(await codeOf(told.create('Final'))).toBe('ok')
  })

  it('the name of an archived tournament is free, and so is its join code', async () => {
    const told = toldSystem()
    const { joinCode } = await bodyOf(told.create('Cup'))
    await told.asOrganizer('archiveTournament')
    expect(await codeOf(told.asAnyone('findByJoinCode', { code: joinCode }))).toBe('not-found')
    expect(await codeOf(told.create('Cup'))).toBe('ok')
  })
})

describe('joining', () => {
  it('a player is added; the same player is refused; one more than the limit is refused', async () => {
    const told = toldSystem()
    await told.create('Cup', { limit: 2 })
    expect(await codeOf(told.join('Ann'))).toBe('ok')
    expect(await codeOf(told.join('Ann'))).toBe('player-exists')
    expect(await codeOf(told.join('Ben'))).toBe('ok')
    expect(await codeOf(told.join('Cleo'))).toBe('tournament-full')
  })

  it('events are numbered 1, 2, 3 … without gaps', async () => {
    const told = await twoPlayers()
    await told.pick('Ann', 'PSG')
    await told.pick('Ben', 'PSG')
    await told.pick('Ben', 'Chelsea')
    expect(told.versions()).toEqual([1, 2, 3, 4, 5])
  })
})

describe('picking', () => {
  it('in an unknown tournament, by an unknown player, or of an unknown team is refused', async () => {
    const told = await twoPlayers()
    await told.asOrganizer('removePlayer', { playerId: told.self('Ben').playerId })
    expect(await codeOf(told.pick('Ben', 'PSG'))).toBe('not-a-player')
    expect(await codeOf(told.pick('Ann', 'Manchaster City'))).toBe('unknown-team')
    const elsewhere = toldSystem().system.send({
      operation: 'pickTeam',
      input: { id: told.tournamentId(), playerId: told.self('Ann').playerId, team: 'PSG' },
      by: told.self('Ann'),
    })
    expect(await codeOf(elsewhere)).toBe('not-found')
  })

  it('twice is refused, except for the same team', async () => {
    const told = await twoPlayers()
    const first = await bodyOf(told.pick('Ann', 'PSG'))
    expect(await codeOf(told.pick('Ann', 'Chelsea'))).toBe('already-picked')
    expect(await bodyOf(told.pick('Ann', 'PSG'))).toEqual(first)
  })

  it('of a team that another has is refused; in another tournament it is fine', async () => {
    const told = await twoPlayers()
    await told.pick('Ann', 'PSG')
    expect(await codeOf(told.pick('Ben', 'PSG'))).toBe('team-taken')
    await told.create('League')
    await told.join('Cleo', 'League')
    expect(await codeOf(told.pick('Cleo', 'PSG'))).toBe('ok')
  })

  it('of the eleventh is impossible: a limit above the number of teams is refused at once', async () => {
    expect(await codeOf(toldSystem().create('Cup', { limit: 11 }))).toBe('invalid-input')
  })
})

describe('drawing', () => {
  it('before the tournament is full is refused', async () => {
    const told = toldSystem()
    await told.create('Cup', { limit: 2 })
    expect(await codeOf(told.asOrganizer('drawTeams'))).toBe('not-full')
    await told.join('Ann')
    await told.pick('Ann', 'PSG')
    expect(await codeOf(told.asOrganizer('drawTeams'))).toBe('not-full')
  })

  it('before everybody has picked is refused', async () => {
    const told = await twoPlayers()
    expect(await codeOf(told.asOrganizer('drawTeams'))).toBe('not-all-picked')
    await told.pick('Ann', 'PSG')
    expect(await codeOf(told.asOrganizer('drawTeams'))).toBe('not-all-picked')
  })

  it.each([2, 10])('%i players omits nobody and no team, and twice gives the first result', async (limit) => {
    const told = toldSystem()
    await told.create('Cup', { limit })
    const { items } = await bodyOf(told.asAnyone('listTeams'))
    const teams = JSON.parse(JSON.stringify(items)).map(({ name }: { name: string }) => name)
    const players = Array.from({ length: limit }, (_, index) => `Player ${index}`)
    for (const [index, who] of players.entries()) {
      await told.join(who)
      await told.pick(who, teams[index])
    }
    const first = await bodyOf(told.asOrganizer('drawTeams'))
    const drawn: { playerId: string; team: string }[] = JSON.parse(JSON.stringify(first.assignments))
    expect(drawn.map(({ playerId }) => playerId)).toEqual(players.map((who) => told.self(who).playerId))
    expect(drawn.map(({ team }) => team).sort()).toEqual(teams.slice(0, limit).sort())
    expect(await bodyOf(told.asOrganizer('drawTeams'))).toEqual(first)
  })
})
