import type { PlayerId, Tournament, TournamentId } from '@matchday/contracts'
import { newId } from '@matchday/contracts/ids'
import { expect, test } from 'vitest'
import { historyOf } from '../live/testing/example-history.ts'
import { contributionFor, drawMemoryOf, rememberCommitment, rememberedFor } from './draw-memory.ts'

function tournamentWith(draws: Tournament['draws'], id = newId<'tournament'>()): Tournament {
  return { ...historyOf([], 'any', 'unique').snapshots[0]!, id, draws }
}
const committed = (attempt: number, digit: string) =>
  ({ attempt, status: 'committed', commitment: digit.repeat(64) }) as const
const ana = newId<'player'>() satisfies PlayerId
const numberOf = (id: TournamentId, attempt: number) => drawMemoryOf(id).value.peek()?.contributions[attempt]

test('the commitment that was seen first is the one that is remembered', () => {
  const tournament = tournamentWith([committed(1, 'a')])
  rememberCommitment(tournament)
  rememberCommitment({ ...tournament, draws: [committed(1, 'f')] })
  expect(drawMemoryOf(tournament.id).value.peek()?.commitments).toEqual({ 1: 'a'.repeat(64) })
})

test('a commitment that is shown only after the draw is not remembered', () => {
  const tournament = tournamentWith([{ ...committed(1, 'a'), status: 'drawn' }])
  rememberCommitment(tournament)
  expect(drawMemoryOf(tournament.id).value.peek()).toBeNull()
})

test('picking again, in a second tab too, sends the same number; the next attempt gets a fresh one', () => {
  const tournament = tournamentWith([committed(1, 'a')])
  const first = contributionFor(tournament, ana)
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(contributionFor(tournament, ana)).toBe(first)
  const redrawn = tournamentWith([{ ...committed(1, 'a'), status: 'void' }, committed(2, 'b')], tournament.id)
  const second = contributionFor(redrawn, ana)
  expect(second).not.toBe(first)
  expect(numberOf(tournament.id, 1)).toEqual([first])
  expect(numberOf(tournament.id, 2)).toEqual([second])
})

test('another seat on the same device makes numbers of its own', () => {
  const tournament = tournamentWith([committed(1, 'a')])
  const first = contributionFor(tournament, ana)
  expect(contributionFor(tournament, newId<'player'>())).not.toBe(first)
})

test('the check is told what this device knows of that attempt, and nothing else', () => {
  const memory = {
    mode: 'any' as const,
    commitments: { 1: 'c1' },
    contributions: { 1: ['mine', 'also mine'] },
    playerId: ana,
  }
  expect(rememberedFor(memory, 1, () => 'also mine')).toEqual({
    mode: 'any',
    commitment: 'c1',
    contribution: { playerId: ana, contribution: 'also mine' },
  })
  expect(rememberedFor(memory, 1, () => 'forged').contribution?.contribution).toBe('mine')
  expect(rememberedFor(memory, 2, () => null)).toEqual({ mode: 'any' })
  expect(rememberedFor(null, 1, () => null)).toEqual({})
})
