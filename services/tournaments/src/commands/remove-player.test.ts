import { describe, expect, it } from 'vitest'
import { archived, created, drawn, joined, passMoved, picked, voided } from '../testing/past.ts'
import { organizer, player, playerId, tournamentId } from '../testing/people.ts'
import { codeOf, when } from '../testing/when.ts'

const ann = playerId('Ann')
const input = { playerId: ann }
const past = [created({ limit: 2 }), joined('Ben'), joined('Ann'), picked('Ann', 'PSG')]
const done = [
  ...past,
  picked('Ben', 'Bayern'),
  drawn([
    ['Ben', 'Bayern'],
    ['Ann', 'PSG'],
  ]),
]

describe('removing a player', () => {
  it('frees the name, the seat and the team', async () => {
    const decision = await when(past, 'removePlayer', { input, by: organizer })
    expect(decision).toMatchObject({
      events: [{ type: 'player-removed', data: { playerId: ann, by: 'organizer' } }],
      releases: expect.arrayContaining([
        `player:${tournamentId}:ann\tsmith`,
        `seat:${tournamentId}:2`,
        `pick:${tournamentId}:${ann}`,
        `team:${tournamentId}:1`,
      ]),
      essential: true,
    })
    // A pick that came in between would otherwise stay claimed.
    expect(decision).not.toHaveProperty('basis', 'fence')
  })

  it('can be the player who leaves', async () => {
    expect(await when(past, 'removePlayer', { input, by: player('Ann') })).toMatchObject({
      events: [{ data: { playerId: ann, by: 'player' } }],
    })
  })

  it('is nobody else', async () => {
    expect(await codeOf(when(past, 'removePlayer', { input, by: player('Ben') }))).toBe('not-allowed')
  })

  it('is possible again when the draw is void', async () => {
    expect(await codeOf(when([...done, voided()], 'removePlayer', { input, by: organizer }))).toBe('accepted')
  })

  it('names the first rule that is broken', async () => {
    const old = { input, by: player('Ann') }
    expect(await codeOf(when([], 'removePlayer', old))).toBe('not-found')
    const moved = [...done, passMoved('Ann')]
    expect(await codeOf(when([...moved, archived], 'removePlayer', old))).toBe('tournament-archived')
    expect(await codeOf(when(moved, 'removePlayer', old))).toBe('already-drawn')
    expect(await codeOf(when([created()], 'removePlayer', old))).toBe('not-a-player')
    expect(await codeOf(when([...past, passMoved('Ann')], 'removePlayer', old))).toBe('pass-moved')
  })
})
