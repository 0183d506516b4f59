import type { JsonObject } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { noDetails } from '../domain/details.ts'
import type { TournamentEvent } from '../domain/event.ts'
import { archived, created, detailsChanged, drawn, joined, picked } from '../testing/past.ts'
import { organizer } from '../testing/people.ts'
import { codeOf, eventsOf, when } from '../testing/when.ts'

const past = [created()]
const change = (input: JsonObject, after: readonly TournamentEvent[] = past, expectedVersion?: number) =>
  when(after, 'changeDetails', { input, by: organizer, ...(expectedVersion && { expectedVersion }) })

async function problemsOf(input: JsonObject, after = past) {
  const decision = await change(input, after)
  return decision.kind === 'rejected'
    ? (decision.fields ?? []).map(({ path, code }) => `${path} ${code}`)
    : []
}

describe('changing the details', () => {
  it('keeps what is not named, and takes away what is null', async () => {
    const before = detailsChanged({ description: 'Five a side', address: 'Old Road 1' })
    const [event] = await eventsOf(
      change({ address: null, startsAt: '2026-06-01T18:00:00Z' }, [...past, before]),
    )
    expect(event).toEqual({
      type: 'details-changed',
      data: { ...noDetails('unlisted'), description: 'Five a side', startsAt: '2026-06-01T18:00:00.000Z' },
    })
  })

  it('trims and composes texts; an empty one is none', async () => {
    const [event] = await eventsOf(change({ description: ' Cafe\u0301\r\nBar ', address: ' \n ' }))
    expect(event?.data).toMatchObject({ description: 'Caf\u00e9\nBar', address: null })
  })

  it('takes both coordinates or none', async () => {
    expect(await problemsOf({ latitude: 52.2 })).toEqual(['/body/longitude incomplete-coordinates'])
    expect(await problemsOf({ longitude: 21 })).toEqual(['/body/latitude incomplete-coordinates'])
    const there = [...past, detailsChanged({ latitude: 0, longitude: 0 })]
    expect(await problemsOf({ latitude: null }, there)).toEqual(['/body/latitude incomplete-coordinates'])
    expect(await codeOf(change({ latitude: -90, longitude: 180 }))).toBe('accepted')
  })

  it('takes an end after the start, also when only one of them is changed', async () => {
    const [starts, ends] = ['2026-06-01T18:00:00.000Z', '2026-06-01T20:00:00.000Z']
    expect(await problemsOf({ startsAt: ends, endsAt: starts })).toEqual(['/body/endsAt ends-before-start'])
    expect(await problemsOf({ startsAt: ends, endsAt: ends })).toEqual(['/body/endsAt ends-before-start'])
    expect(await problemsOf({ endsAt: ends })).toEqual(['/body/startsAt missing-start'])
    const set = [...past, detailsChanged({ startsAt: starts, endsAt: ends })]
    expect(await problemsOf({ startsAt: '2026-06-02T18:00:00Z' }, set)).toEqual([
      '/body/endsAt ends-before-start',
    ])
    expect(await problemsOf({ startsAt: null }, set)).toEqual(['/body/startsAt missing-start'])
    expect(await codeOf(change({ startsAt: null, endsAt: null }, set))).toBe('accepted')
    // However many digits a second has.
    expect(
      await problemsOf({ startsAt: '2026-06-01T18:00:00.1Z', endsAt: '2026-06-01T18:00:00.09Z' }),
    ).toEqual(['/body/endsAt ends-before-start'])
  })

  it('fences joins that were decided while it was not private', async () => {
    expect(await change({ visibility: 'private' })).toMatchObject({ essential: true })
  })

  it('to what it is already changes nothing', async () => {
    expect(await eventsOf(change({}))).toEqual([])
    expect(await eventsOf(change({ visibility: 'unlisted', description: ' ' }))).toEqual([])
  })

  it('is possible after the draw', async () => {
    const done = [
      created({ limit: 2 }),
      joined('Ann'),
      joined('Ben'),
      picked('Ann', 'PSG'),
      picked('Ben', 'Bayern'),
      drawn([
        ['Ann', 'PSG'],
        ['Ben', 'Bayern'],
      ]),
    ]
    expect(await codeOf(change({ visibility: 'private' }, done))).toBe('accepted')
  })

  it('looks at the version only if one is named', async () => {
    expect(await codeOf(change({ address: 'x' }, past, 1))).toBe('accepted')
    expect(await codeOf(change({ address: 'x' }, past, 7))).toBe('stale-version')
  })

  it('names the first rule that is broken', async () => {
    const wrong = { latitude: 1 }
    expect(await codeOf(change(wrong, [], 7))).toBe('not-found')
    expect(await codeOf(change(wrong, [...past, archived], 7))).toBe('tournament-archived')
    expect(await codeOf(change(wrong, past, 7))).toBe('stale-version')
    expect(await codeOf(change(wrong))).toBe('invalid-input')
  })
})
