import { expect, test } from 'vitest'
import { queryLengthMax, searchFrom, searchPath, searchRequest } from './search-form.ts'

const today = '2026-05-01'

test('a search and its address are the same thing', () => {
  const search = { query: 'beach & fun', from: '2026-06-12', to: '2026-06-14' }
  const path = searchPath(search, today)
  expect(path).toBe('/events?query=beach+%26+fun&from=2026-06-12&to=2026-06-14')
  expect(searchFrom(Object.fromEntries(new URLSearchParams(path.split('?')[1])), today)).toEqual(search)
  expect(searchPath({ query: ' ', from: today, to: '' }, today)).toBe('/events')
  expect(searchFrom({}, today)).toEqual({ query: '', from: today, to: '' })
})

test('what stands in an address is not believed', () => {
  expect(searchFrom({ from: 'soon', to: '2026-13-01', query: 'x'.repeat(500) }, today)).toEqual({
    query: 'x'.repeat(queryLengthMax),
    from: today,
    to: '',
  })
})

test('days are whole days of this device’s zone, also when the clocks change', () => {
  const search = { query: '  cup ', from: '2026-03-29', to: '2026-03-29' }
  expect(searchRequest(search, 'Europe/Berlin')).toEqual({
    query: 'cup',
    from: '2026-03-28T23:00:00.000Z',
    to: '2026-03-29T21:59:59.999Z',
  })
  expect(searchRequest({ query: '', from: '', to: '' }, 'UTC')).toEqual({})
})
