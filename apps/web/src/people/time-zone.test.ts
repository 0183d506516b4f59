import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { momentOf, ownTimeZone, wallTimeOf } from './time-zone.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
]

describe('the clock on the wall', () => {
  test('shows what the zone says', () => {
    expect(wallTimeOf('2026-06-12T17:30:00.000Z', 'Europe/Berlin')).toBe('2026-06-12T19:30')
    expect(wallTimeOf('2026-01-12T17:30:00.000Z', 'Europe/Berlin')).toBe('2026-01-12T18:30')
    expect(wallTimeOf('2026-01-01T00:00:00.000Z', 'America/New_York')).toBe('2025-12-31T19:00')
    expect(wallTimeOf('2026-01-01T00:00:00.000Z', 'Asia/Kathmandu')).toBe('2026-01-01T05:45')
  })

  test('and the moment is found again, in every zone and at any time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2060, 0) }).map((ms) => ms - (ms % 60_000)),
        (zone, momentMs) => {
          const wallTime = wallTimeOf(new Date(momentMs).toISOString(), zone)
          const found = momentOf(wallTime, zone)
          expect(found).not.toBeNull()
          // The hour that comes twice is taken the first time.
          expect(wallTimeOf(found!, zone)).toBe(wallTime)
          expect(Date.parse(found!)).toBeLessThanOrEqual(momentMs)
          expect(momentMs - Date.parse(found!)).toBeLessThanOrEqual(3_600_000)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('when the clocks change', () => {
  test('an hour that does not exist has no moment', () => {
    expect(momentOf('2026-03-29T02:30', 'Europe/Berlin')).toBeNull()
    expect(momentOf('2026-03-29T01:59', 'Europe/Berlin')).toBe('2026-03-29T00:59:00.000Z')
    expect(momentOf('2026-03-29T03:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z')
    expect(momentOf('2026-10-04T02:15', 'Australia/Lord_Howe')).toBeNull()
  })

  test('an hour that comes twice is the first one', () => {
    expect(momentOf('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
    expect(momentOf('2026-11-01T01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z')
  })
})

test('what is no time has no moment', () => {
  for (const text of ['', 'soon', '2026-02-30T10:00', '2026-06-12', '2026-06-12T25:00', '2026-06-12T10:00Z'])
    expect(momentOf(text, 'UTC'), text).toBeNull()
})

test('this device has a zone', () => {
  expect(momentOf('2026-06-12T10:00', ownTimeZone())).not.toBeNull()
})
