import { expect, test } from 'vitest'
import { inOrder, isPast, upcoming } from './event-order.ts'

const now = Date.parse('2026-06-12T12:00:00.000Z')
const at = (day: string, more: object = {}) => ({
  id: day,
  startsAt: `${day}T18:00:00.000Z` as string | null,
  endsAt: null as string | null,
  status: 'open' as const,
  ...more,
})

test('what comes next first, then what has no date, then what is over', () => {
  const events = [
    at('2026-05-01'),
    at('2026-08-01'),
    at('2026-06-13'),
    { ...at('b'), startsAt: null },
    { ...at('c'), startsAt: null },
    at('2026-05-20'),
    { ...at('2026-09-01'), status: 'archived' as const },
  ]
  const sorted = inOrder(events, now).map(({ id }) => id)
  expect(sorted).toEqual(['2026-06-13', '2026-08-01', 'c', 'b', '2026-09-01', '2026-05-20', '2026-05-01'])
  expect(upcoming(inOrder(events, now), now).map(({ id }) => id)).toEqual([
    '2026-06-13',
    '2026-08-01',
    'c',
    'b',
  ])
})

test('an event is over at its end, or some hours after its beginning', () => {
  expect(isPast({ ...at('2026-06-12'), startsAt: '2026-06-12T08:00:00.000Z' }, now)).toBe(false)
  expect(isPast({ ...at('2026-06-12'), startsAt: '2026-06-12T05:00:00.000Z' }, now)).toBe(true)
  const ended = { endsAt: '2026-06-12T11:59:00.000Z', startsAt: '2026-06-12T11:00:00.000Z' }
  expect(isPast({ ...at('2026-06-12'), ...ended }, now)).toBe(true)
  expect(isPast({ ...at('x'), startsAt: null }, now)).toBe(false)
})
