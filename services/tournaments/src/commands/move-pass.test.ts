import { describe, expect, it } from 'vitest'
import { archived, created, joined, passMoved } from '../testing/past.ts'
import { player, playerId, tournamentId } from '../testing/people.ts'
import { codeOf, shown, when } from '../testing/when.ts'

const ann = playerId('Ann')
const past = [created(), joined('Ann')]
const move = (pass: number) => ({ input: { playerId: ann }, by: player('Ann', pass) })

describe('moving a pass to another device', () => {
  it('makes the next pass and fences what was decided on the old one', async () => {
    expect(await when(past, 'movePass', move(1))).toMatchObject({
      events: [{ type: 'pass-moved', data: { playerId: ann, pass: 2 } }],
      answer: { tournamentId, playerId: ann, pass: 2 },
      essential: true,
    })
    const asked = move(1)
    expect(await shown('movePass', when(past, 'movePass', asked), asked.input, 3)).toEqual({
      playerId: ann,
      playerToken: `signed {"kind":"player","tournamentId":"${tournamentId}","playerId":"${ann}","pass":2}`,
      version: 3,
    })
  })

  it('works with the latest pass only', async () => {
    const moved = [...past, passMoved('Ann')]
    expect(await codeOf(when(moved, 'movePass', move(1)))).toBe('pass-moved')
    expect(await codeOf(when(moved, 'movePass', move(2)))).toBe('accepted')
    expect(await codeOf(when(moved, 'movePass', move(3)))).toBe('pass-moved')
  })

  it('is possible in the archive: a pass belongs to a device', async () => {
    expect(await codeOf(when([...past, archived], 'movePass', move(1)))).toBe('accepted')
  })

  it('names the first rule that is broken', async () => {
    expect(await codeOf(when([], 'movePass', move(1)))).toBe('not-found')
    expect(await codeOf(when([created()], 'movePass', move(1)))).toBe('not-a-player')
  })
})
