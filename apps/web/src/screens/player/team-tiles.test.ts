import type { PlayerId, Tournament } from '@matchday/contracts'
import { expect, test } from 'vitest'
import { historyOf } from '../../live/testing/example-history.ts'
import { freeFirst, letterSize, matching, teamTiles } from './team-tiles.ts'

function tournamentOf(picks: 'unique' | 'shared', ...picked: (string | null)[]): Tournament {
  const players = picked.map((pick, index) => ({
    id: `p${index}` as PlayerId, // any text does as an id here
    firstName: `F${index}`,
    lastName: 'L',
    pick,
    team: null,
  }))
  return { ...historyOf([], 'any', picks).snapshots[0]!, teams: ['Ajax', 'Åse IF', 'PSG'], players }
}

test('a picked team is taken, unless teams are shared', () => {
  const taken = (picks: 'unique' | 'shared') =>
    teamTiles(tournamentOf(picks, 'PSG', null), new Map(), 'p1').filter((tile) => tile.isTaken)
  expect(taken('unique').map(({ team, pickedBy }) => [team, pickedBy[0]?.firstName])).toEqual([['PSG', 'F0']])
  expect(taken('shared')).toEqual([])
})

test('others who look at a team are shown, not oneself, and not who has picked already', () => {
  const highlights = new Map([
    ['p0', 'Ajax'],
    ['p1', 'Ajax'],
    ['p2', 'Ajax'],
    ['gone', 'Ajax'],
  ])
  const tiles = teamTiles(tournamentOf('unique', 'PSG', null, null), highlights, 'p2')
  expect(tiles[0]?.watchers).toEqual(['F1'])
})

test('teams are found however they are typed', () => {
  const tiles = teamTiles(tournamentOf('unique'), new Map(), '')
  const found = (typed: string) => matching(tiles, typed).map(({ team }) => team)
  expect(found('ase')).toEqual(['Åse IF'])
  expect(found(' PS')).toEqual(['PSG'])
  expect(found('')).toHaveLength(3)
  expect(found('xyz')).toEqual([])
})

test('free teams come first, and both kinds keep their order', () => {
  const order = (...picked: (string | null)[]) =>
    freeFirst(teamTiles(tournamentOf('unique', ...picked), new Map(), 'p9'))
  expect(order(null)).toEqual(['Ajax', 'Åse IF', 'PSG'])
  expect(order('Ajax', null)).toEqual(['Åse IF', 'PSG', 'Ajax'])
  expect(order('Åse IF', 'Ajax')).toEqual(['PSG', 'Ajax', 'Åse IF'])
})

test('letters are the smaller the longer the longest word is', () => {
  expect(['PSG', 'Barcelona', 'Real Madrid'].map(letterSize)).toEqual(['full', 'full', 'full'])
  expect(['Manchester City', 'Bayer Leverkusen', 'The Good Old Friends of Ed'].map(letterSize)).toEqual([
    'small',
    'small',
    'small',
  ])
  expect(['Wolverhampton', 'Borussia Mönchengladbach'].map(letterSize)).toEqual(['smallest', 'smallest'])
})
