import { PROOF_CHECKS } from '@matchday/competition'
import { describe, expect, test } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { formatFor } from './format.ts'

/** Every text with its path; functions are called with plausible arguments for their place. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value.length)]]
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, `${path}/${key}`))
}

describe('both languages', () => {
  const english = new Map(textsOf(en))
  const german = new Map(textsOf(de))

  test('have the same texts', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort())
    expect(english.size).toBeGreaterThan(200)
  })

  test('have no empty text', () => {
    for (const [path, text] of [...english, ...german]) expect(text.trim(), path).not.toBe('')
  })

  test('are translated: only names of things may be the same', () => {
    const same = [...english].filter(([path, text]) => german.get(path) === text && !/^\d$/.test(text))
    expect(same.map(([path]) => path)).toEqual(['/common/code', '/create/teams'])
  })

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
