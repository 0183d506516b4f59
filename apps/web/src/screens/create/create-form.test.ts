import { expect, test } from 'vitest'
import { boundedSeats, customTeams, emptyForm, hasTooFewTeams, namesTwice, requestOf } from './create-form.ts'

test('the defaults are a tournament that can be created once it has a name', () => {
  expect(hasTooFewTeams(emptyForm)).toBe(false)
  expect(requestOf({ ...emptyForm, name: '  Cup ' })).toEqual({
    name: 'Cup',
    limit: 10,
    teams: { preset: 'classic' },
    drawMode: 'any',
    picks: 'unique',
  })
})

test('an own list: a team a line, empty lines and spaces don’t count, doubles are found however written', () => {
  const text = ' Ajax \n\n  Åse IF\r\nase if\nAJAX\nAjax\n'
  expect(customTeams(text)).toEqual(['Ajax', 'Åse IF', 'ase if', 'AJAX', 'Ajax'])
  expect(namesTwice(customTeams(text))).toEqual(['Åse IF', 'Ajax'])
})

test('more seats than teams only with shared picks', () => {
  const form = { ...emptyForm, seats: 11 }
  expect(hasTooFewTeams(form)).toBe(true)
  expect(hasTooFewTeams({ ...form, picks: 'shared' })).toBe(false)
  expect(hasTooFewTeams({ ...form, choice: 'clubs' })).toBe(false)
})

test.each([
  [0, 2],
  [257, 256],
  [7.6, 8],
])('%d seats become %d', (typed, seats) => {
  expect(boundedSeats(typed)).toBe(seats)
})
