import { newId } from '@matchday/contracts/ids'
import { expect, test } from 'vitest'
import { eventPath, organizationPath, parts, placeOf } from './place.ts'

const organizationId = newId<'organization'>()
const id = newId<'tournament'>()

test('the office has a door, an account and a place to register', () => {
  expect(placeOf('')).toEqual({ screen: 'home' })
  expect(placeOf('account')).toEqual({ screen: 'account' })
  expect(placeOf('register')).toEqual({ screen: 'register' })
  expect(placeOf('forgot')).toEqual({ screen: 'entrance', entrance: 'forgot' })
})

test('an organisation has parts; the addresses that are made lead there', () => {
  for (const part of parts) {
    const section = organizationPath(organizationId, part).replace('/office/', '')
    expect(placeOf(section)).toEqual({ screen: 'part', organizationId, part })
  }
  const section = eventPath(organizationId, id).replace('/office/', '')
  expect(placeOf(section)).toEqual({ screen: 'event', organizationId, tournamentId: id })
  expect(placeOf(`${organizationId}/events/new`)).toEqual({ screen: 'new-event', organizationId })
  expect(placeOf(`${organizationId}/incidents/${id}`)).toMatchObject({ screen: 'incident', incidentId: id })
})

test('other addresses lead nowhere', () => {
  for (const section of [
    'offside',
    `${organizationId}/offside`,
    `offside/events`,
    `${organizationId}/events/offside`,
    `${organizationId}/people/${id}`,
    `${organizationId}/events/${id}/more`,
    'account/more',
  ])
    expect(placeOf(section), section).toBeNull()
})
