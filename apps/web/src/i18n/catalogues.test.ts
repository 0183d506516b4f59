import { PROOF_CHECKS } from '@matchday/competition'
import { faultCodes, rejectionCodes } from '@matchday/contracts'
import { describe, expect, test } from 'vitest'
import { adminDe } from './admin-de.ts'
import { adminEn } from './admin-en.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { eventsDe } from './events-de.ts'
import { eventsEn } from './events-en.ts'
import { formatFor } from './format.ts'
import { officeDe } from './office-de.ts'
import { officeEn } from './office-en.ts'
import { peopleDe } from './people-de.ts'
import { peopleEn } from './people-en.ts'
import { seatsDe } from './seats-de.ts'
import { seatsEn } from './seats-en.ts'

/** Every text with its path; functions are called with plausible arguments for their place. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value.length)]]
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${path}/${key}`))
}

/** Names of things that are the same in both languages; everything else is translated. */
const sameInBoth: Readonly<Record<string, readonly string[]>> = {
  main: ['/common/code', '/create/teams'],
  people: ['/common/optional'],
  office: [
    '/register/name',
    '/register/website',
    '/tabs/label',
    '/claim/which',
    '/incidents/status',
    '/changes/by/service',
    '/changes/things/organization',
    '/changes/fields/name',
    '/changes/fields/website',
    '/changes/fields/status',
  ],
  seats: [],
  events: [],
  admin: ['/byItself'],
}

describe.each([
  ['main', en, de, 200],
  ['people', peopleEn, peopleDe, 100],
  ['office', officeEn, officeDe, 200],
  ['seats', seatsEn, seatsDe, 40],
  ['events', eventsEn, eventsDe, 20],
  ['admin', adminEn, adminDe, 50],
] as const)('%s, in both languages', (name, inEnglish, inGerman, atLeast) => {
  const english = new Map(textsOf(inEnglish))
  const german = new Map(textsOf(inGerman))

  test('has the same texts', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort())
    expect(english.size).toBeGreaterThan(atLeast)
  })

  test('has no empty text', () => {
    for (const [path, text] of [...english, ...german]) expect(text.trim(), path).not.toBe('')
  })

  test('is translated: only names of things may be the same', () => {
    const same = [...english].filter(([path, text]) => german.get(path) === text && !/^[\d–]$/.test(text))
    expect(same.map(([path]) => path)).toEqual(sameInBoth[name])
  })
})

describe('the main catalogue', () => {
  test.each([
    ['en', en],
    ['de', de],
  ] as const)('%s: a text for every check of a proof', (_, catalogue) => {
    expect(Object.keys(catalogue.check.names)).toEqual([...PROOF_CHECKS])
    expect(Object.keys(catalogue.check.failed)).toEqual([...PROOF_CHECKS])
  })
})

test('numbers, plurals, lists and times follow the language', () => {
  expect(en.host.seatsLeft(1)).toBe('1 seat left')
  expect(en.host.seatsLeft(2)).toBe('2 seats left')
  expect(en.host.seatsLeft(0)).toBe('All seats taken')
  expect(de.host.seatsLeft(1)).toBe('1 Platz frei')
  expect(de.host.seatsLeft(3)).toBe('3 Plätze frei')
  expect(formatFor('de').number(1234.5)).toBe('1.234,5')
  expect(en.common.list(['Ana', 'Ben', 'Caro'])).toBe('Ana, Ben, and Caro')
  expect(de.common.list(['Ana', 'Ben', 'Caro'])).toBe('Ana, Ben und Caro')
  expect(de.connection.lost(new Date(2026, 4, 1, 12, 3, 10).getTime())).toContain('12:03:10')
})

test('every code has words in both languages, and none that does not exist', () => {
  const codes = [...Object.keys(rejectionCodes), ...Object.keys(faultCodes), 'network'].sort()
  for (const [main, people] of [
    [en, peopleEn],
    [de, peopleDe],
  ] as const) {
    expect([...new Set([...Object.keys(main.errors), ...Object.keys(people.errors)])].sort()).toEqual(codes)
  }
})
