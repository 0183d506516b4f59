import { changedThings, tournamentEvents } from '@matchday/contracts'
import { describe, expect, test } from 'vitest'
import { officeDe } from '../i18n/office-de.ts'
import { officeEn } from '../i18n/office-en.ts'
import { peopleEn } from '../i18n/people-en.ts'
import {
  type Change,
  changeSentence,
  type DetailWords,
  detailsOf,
  valueWords,
  whoDid,
} from './change-words.ts'

const words = officeEn.changes
const details: DetailWords = {
  changes: words,
  values: valueWords(officeEn, peopleEn.roles),
  moment: (moment) => `on ${moment.slice(0, 10)}`,
}
const change = (part: Partial<Change>): Change => ({
  changeId: 'c',
  at: '2026-06-12T10:00:00.000Z',
  by: { kind: 'staff', accountId: 'a', name: 'Ada Lovelace' },
  thing: 'incident',
  thingId: 't',
  action: 'created',
  after: null,
  ...part,
})

test('a change reads as a sentence', () => {
  expect(changeSentence(change({ after: { name: 'Floodlight 3' } }), words)).toBe(
    'opened an incident “Floodlight 3”',
  )
  expect(changeSentence(change({ thing: 'tournament', action: 'teams-drawn' }), words)).toBe('drew the teams')
  expect(changeSentence(change({ thing: 'key', action: 'deleted' }), words)).toBe('revoked a key')
})

test('a decision about an organisation is told as one', () => {
  const decided = (status: string) =>
    changeSentence(change({ thing: 'organization', action: 'changed', after: { name: 'FC', status } }), words)
  expect(decided('approved')).toBe('approved the organisation “FC”')
  expect(decided('blocked')).toBe('blocked the organisation “FC”')
  expect(decided('pending')).toBe('changed the organisation “FC”')
})

test('who it was is told as far as it is known', () => {
  expect(whoDid({ kind: 'staff', accountId: 'a', name: 'Ada' }, words)).toBe('Ada')
  expect(whoDid({ kind: 'staff', accountId: null, name: null }, words)).toBe('Somebody who is gone')
  expect(whoDid({ kind: 'key', accountId: 'k', name: null }, words)).toBe('A program')
  expect(whoDid({ kind: 'robot', accountId: null, name: null }, words)).toBe('Somebody who is gone')
})

test('what a newer server tells is shown as it is', () => {
  expect(changeSentence(change({ action: 'folded' }), words)).toBe('Incident: folded')
  expect(detailsOf({ colour: 'red', status: 'folded', nested: { a: 1 } }, details)).toEqual([
    ['colour', 'red'],
    ['Status', 'folded'],
    ['nested', '{"a":1}'],
  ])
})

test('details are for people', () => {
  const after = {
    role: 'owner',
    phone: null,
    scopes: ['tournaments:read', 'b'],
    status: 'to-do',
    visibility: 'private',
    expiresAt: '2026-06-12T10:00:00.000Z',
    isNew: true,
  }
  expect(detailsOf(after, details)).toEqual([
    ['Role', 'Owner'],
    ['Phone', '–'],
    ['May', 'Read tournaments, b'],
    ['Status', 'To do'],
    ['Who sees it', 'Private'],
    ['Good until', 'on 2026-06-12'],
    ['isNew', 'Yes'],
  ])
  expect(detailsOf(null, details)).toEqual([])
})

describe.each([
  ['en', officeEn.changes],
  ['de', officeDe.changes],
] as const)('%s', (_, catalogue) => {
  test('has words for all that can be changed', () => {
    for (const thing of changedThings) {
      expect(catalogue.things[thing]).not.toBe('')
      const done: Partial<Record<string, string>> = catalogue[thing]
      for (const action of ['created', 'changed', 'deleted'])
        expect(done[action], `${thing} ${action}`).toBeTruthy()
    }
    expect(Object.keys(catalogue.tournamentEvents).sort()).toEqual(
      Object.keys(tournamentEvents.schemas).sort(),
    )
  })
})
