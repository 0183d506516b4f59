import { tournamentLimits } from '@matchday/contracts'
import { describe, expect, test } from 'vitest'
import {
  addressLengthMax,
  blankDetails,
  changesBetween,
  type Details,
  descriptionLengthMax,
  detailsOf,
  detailsProblems,
  formOf,
} from './details-form.ts'

const zone = 'Europe/Berlin'
const details: Details = {
  description: 'Bring shin pads.\nNo dogs.',
  address: 'Am Stadion 1\n12345 Ort',
  latitude: 52.5145,
  longitude: 13.2395,
  startsAt: '2026-06-12T17:30:00.000Z',
  endsAt: '2026-06-12T21:00:00.000Z',
  visibility: 'public',
}

test('bounds are those of the contract', () => {
  expect(descriptionLengthMax).toBe(tournamentLimits.descriptionLengthMax)
  expect(addressLengthMax).toBe(tournamentLimits.addressLengthMax)
})

test('what is stored comes back from the form as it was', () => {
  const form = formOf(details, zone)
  expect(form.startsAt).toBe('2026-06-12T19:30')
  expect(detailsProblems(form, zone)).toEqual({})
  expect(detailsOf(form, zone)).toEqual(details)
})

test('what is left empty is nothing', () => {
  expect(detailsProblems(blankDetails, zone)).toEqual({})
  expect(detailsOf(blankDetails, zone)).toEqual({
    description: null,
    address: null,
    latitude: null,
    longitude: null,
    startsAt: null,
    endsAt: null,
    visibility: 'public',
  })
})

describe('what is wrong is told beside its field', () => {
  const problems = (part: Partial<typeof blankDetails>) => detailsProblems({ ...blankDetails, ...part }, zone)

  test('times', () => {
    expect(problems({ startsAt: '2026-03-29T02:30' })).toEqual({ startsAt: 'time' })
    expect(problems({ endsAt: '2026-06-12T20:00' })).toEqual({ startsAt: 'needs-start' })
    const start = { startsAt: '2026-06-12T20:00' }
    expect(problems({ ...start, endsAt: '2026-06-12T20:00' })).toEqual({ endsAt: 'ends-early' })
    expect(problems({ ...start, endsAt: '2026-06-12T20:01' })).toEqual({})
    // Across the night in which the clocks go back, the wall shows an earlier time at a later moment.
    expect(problems({ startsAt: '2026-10-25T01:30', endsAt: '2026-10-25T02:10' })).toEqual({})
  })

  test('coordinates', () => {
    expect(problems({ latitude: '52,5', longitude: '13.2' })).toEqual({})
    expect(problems({ latitude: '91', longitude: '0' })).toEqual({ latitude: 'number' })
    expect(problems({ latitude: '0', longitude: 'east' })).toEqual({ longitude: 'number' })
    expect(problems({ latitude: '52' })).toEqual({ longitude: 'both' })
    expect(problems({ longitude: '13' })).toEqual({ latitude: 'both' })
  })

  test('texts', () => {
    expect(problems({ description: 'x'.repeat(descriptionLengthMax + 1) })).toEqual({
      description: 'too-long',
    })
    expect(problems({ description: `${'x'.repeat(descriptionLengthMax)}  ` })).toEqual({})
    expect(problems({ address: 'a\u0007' })).toEqual({ address: 'control-character' })
  })
})

test('only what has changed is sent, but what belongs together goes together', () => {
  expect(changesBetween(details, details)).toEqual({})
  expect(changesBetween(details, { ...details, address: null })).toEqual({ address: null })
  expect(changesBetween(details, { ...details, endsAt: null })).toEqual({
    startsAt: details.startsAt,
    endsAt: null,
  })
  expect(changesBetween(details, { ...details, longitude: 1 })).toEqual({ latitude: 52.5145, longitude: 1 })
})
