import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initialsOf, lookOf } from './team-look.ts'

test('known teams wear their colours, however they are written', () => {
  expect(lookOf('PSG')).toMatchObject({ pattern: 'columns', initials: 'PSG' })
  expect(lookOf('Atlético Madrid').colors).toEqual(lookOf('ATLETICO MADRID').colors)
  expect(lookOf('Ireland').colors).not.toEqual(lookOf('Northern Ireland').colors)
})

test('every name has a look: two or three colours, at least two of them different, the same each time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
      const look = lookOf(name)
      expect(look.colors.length).toBeGreaterThanOrEqual(2)
      expect(new Set(look.colors).size).toBeGreaterThanOrEqual(2)
      expect(look.colors).not.toContain('#888')
      expect(lookOf(name)).toEqual(look)
    }),
  )
})

test.each([
  ['Bayern', 'BAY'],
  ['Manchester City', 'MC'],
  ['Real Club Deportivo Mallorca', 'RCD'],
  ['Team 203', 'T203'],
  ['东京', '东京'],
  ['⚽️', '⚽️'],
])('%s is short for %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})
