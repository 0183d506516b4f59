import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { claimsBetweenStatement, endOfPrefix } from './claims.ts'
import { append } from './testing/append.ts'
import { openTestStore, type TestStore } from './testing/open-test-store.ts'
import { openSlowly } from './testing/slow-transaction.ts'

const stream = newId()
/** In the order of their bytes, which is neither that of a language nor that of JavaScript. */
const keys = [
  'a%',
  'a%b',
  'a',
  'aZ',
  'a_',
  'a_b',
  'aa',
  'ab',
  'a\u{ffff}',
  'a\u{1f3b2}',
  'a\u{10ffff}',
  'a\u{10ffff}\u{10ffff}',
  'b',
  'ä',
  '\u{d7ff}',
  '\u{e000}',
].sort((one, other) => Buffer.from(one).compare(Buffer.from(other)))

let test: TestStore
beforeAll(async () => {
  test = await openTestStore()
  await test.store.append([append(stream, 1, { claims: keys })])
})
afterAll(async () => test[Symbol.asyncDispose]())

async function found(prefix: string, after: string | null = null, limit = 100): Promise<readonly string[]> {
  const claims = await test.store.claims(prefix, after, limit)
  expect(new Set(claims.map((claim) => claim.stream))).toEqual(new Set(claims.length === 0 ? [] : [stream]))
  return claims.map((claim) => claim.key)
}

it('claims are found by what they begin with, in the order of bytes, and nothing in it is a pattern', async () => {
  const prefixes = [
    '',
    'a',
    'a%',
    'a_',
    'aa',
    '%',
    'ab',
    'b',
    'ä',
    'a\u{10ffff}',
    '\u{10ffff}',
    '\u{d7ff}',
    'zz',
  ]
  for (const prefix of prefixes) {
    const expected = keys.filter((key) => key.startsWith(prefix))
    expect([prefix, await found(prefix)]).toEqual([prefix, expected])
  }
})

it('claims are read in pages, each after the last key of the one before', async () => {
  const all = keys.filter((key) => key.startsWith('a'))
  const pages: string[] = []
  for (let after: string | null = null; ; after = pages.at(-1)!) {
    const page = await found('a', after, 3)
    pages.push(...page)
    if (page.length < 3) break
  }
  expect(pages).toEqual(all)
  expect(await found('b', 'a')).toEqual(['b'])
  expect(await found('a', 'b')).toEqual([])
})

it('the end of a prefix comes after all that begin with it, and nothing else is before it', () => {
  expect(endOfPrefix('ab')).toBe('ac')
  expect(endOfPrefix('a\u{10ffff}')).toBe('b')
  expect(endOfPrefix('\u{d7ff}')).toBe('\u{e000}')
  expect(endOfPrefix('\u{10ffff}')).toBeNull()
  expect(endOfPrefix('')).toBeNull()
})

it('claims are found by a range of their index, however many others there are', async () => {
  const slow = await openSlowly(test.database)
  try {
    await slow.query(`insert into claims select 'other:' || n, $1 from generate_series(1, 20000) as n`, [
      stream,
    ])
    await slow.query('analyze claims')
    await slow.query('set plan_cache_mode = force_generic_plan')
    await slow.query(`prepare claims_between (text, text, integer, text) as ${claimsBetweenStatement.text}`)
    const plan = await slow.query(`explain execute claims_between ('a', null, 10, 'b')`)
    const text = JSON.stringify(plan)
    expect(text).toMatch(/Index Cond: \(\(key >= GREATEST.*key < \$4/)
    expect(text).not.toContain('Sort')
  } finally {
    await slow.close()
  }
})
