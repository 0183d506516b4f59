import type { PlayerId } from '@matchday/contracts'
import { expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { told } from './announcements.ts'
import type { Publication } from './publication.ts'
import { historyOf } from './testing/example-history.ts'

const { snapshots, publications } = historyOf([0, 0, 0, 0, 0], 'any', 'unique')
const after = snapshots.at(-1)!
const picked = (index: number): Publication => {
  const playerId = after.players[index]?.id ?? ('nobody' as PlayerId) // an id that is not in the list
  return { type: 'team-picked', version: 9, at: after.createdAt, playerId, team: 'Ajax', contribution: null }
}

test('many who join are told together, and how many seats are left', () => {
  expect(told(publications, after, en)).toBe('F1 L1, F2 L2, F3 L3, and 2 more joined. 1 seat left.')
  expect(told(publications.slice(0, 1), after, en)).toBe('F1 L1 joined. 1 seat left.')
})

test('picks are told by name, many as a number', () => {
  expect(told([picked(0), picked(1)], after, en)).toBe('F1 L1 picked Ajax. F2 L2 picked Ajax.')
  expect(told([0, 1, 2, 3].map(picked), after, en)).toBe('4 players picked.')
})

test('what nobody needs to hear is not told', () => {
  const moved: Publication = {
    type: 'pass-moved',
    version: 9,
    at: '',
    playerId: after.players[0]!.id,
    pass: 2,
  }
  expect(told([moved], after, en)).toBe('')
})
