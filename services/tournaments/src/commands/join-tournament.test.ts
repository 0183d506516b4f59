import { describe, expect, it } from 'vitest'
import { archived, created, drawn, joined, joiningSet, picked, removed } from '../testing/past.ts'
import { anyone, numberedId, tournamentId } from '../testing/people.ts'
import { codeOf, commandEntry, when } from '../testing/when.ts'

const smith = (firstName: string) => ({ input: { firstName, lastName: 'Smith' }, by: anyone })
const two = [created({ limit: 2 }), joined('Ann'), joined('Ben')]

describe('joining', () => {
  it('takes the lowest free seat', async () => {
    expect(await when([created(), joined('Ann')], 'joinTournament', smith(' Cleo '))).toMatchObject({
      events: [
        {
          type: 'player-joined',
          data: { playerId: numberedId(77), firstName: 'Cleo', lastName: 'Smith' },
        },
      ],
      answer: { tournamentId, playerId: numberedId(77) },
      claims: [`player:${tournamentId}:cleo\tsmith`, `seat:${tournamentId}:2`],
      basis: 'fence',
    })
    expect(await when([...two, removed('Ann')], 'joinTournament', smith('Cleo'))).toMatchObject({
      claims: [`player:${tournamentId}:cleo\tsmith`, `seat:${tournamentId}:1`],
    })
  })

  it('answers with the first pass of the player, the same each time', async () => {
    const { handler } = commandEntry('joinTournament')
    const answer = { tournamentId, playerId: numberedId(77) }
    const told = await handler.present(answer, 4)
    expect(told).toEqual({
      playerId: numberedId(77),
      playerToken: `signed ${JSON.stringify({ kind: 'player', ...answer, pass: 1 })}`,
      version: 4,
    })
    expect(await handler.present(answer, 4)).toEqual(told)
  })

  it('refuses the same player, also in other case and accents', async () => {
    const past = [created(), joined('Ann')]
    expect(await codeOf(when(past, 'joinTournament', smith('Ann')))).toBe('player-exists')
    expect(await codeOf(when(past, 'joinTournament', smith('ÁNN')))).toBe('player-exists')
  })

  it('tells first and last name apart', async () => {
    const input = { firstName: 'Smith', lastName: 'Ann' }
    expect(await codeOf(when([created(), joined('Ann')], 'joinTournament', { input, by: anyone }))).toBe(
      'accepted',
    )
  })

  it('lets a removed player in again', async () => {
    expect(await codeOf(when([...two, removed('Ann')], 'joinTournament', smith('Ann')))).toBe('accepted')
  })

  it('names the first rule that is broken', async () => {
    const closed = [...two, joiningSet(false)]
    const picks = [picked('Ann', 'PSG'), picked('Ben', 'Bayern')]
    const done = [
      ...closed,
      ...picks,
      drawn([
        ['Ann', 'PSG'],
        ['Ben', 'Bayern'],
      ]),
    ]
    expect(await codeOf(when([], 'joinTournament', smith('Ann')))).toBe('not-found')
    expect(await codeOf(when([...done, archived], 'joinTournament', smith('Ann')))).toBe(
      'tournament-archived',
    )
    expect(await codeOf(when(done, 'joinTournament', smith('Ann')))).toBe('already-drawn')
    expect(await codeOf(when(closed, 'joinTournament', smith('Ann')))).toBe('joining-closed')
    expect(await codeOf(when(two, 'joinTournament', smith('Ann')))).toBe('player-exists')
    expect(await codeOf(when(two, 'joinTournament', smith('Cleo')))).toBe('tournament-full')
  })
})
