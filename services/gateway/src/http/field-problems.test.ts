import {
  Closed,
  Email,
  Name,
  Nullable,
  OneOf,
  Phone,
  Text,
  TimeSchema,
  WebAddress,
} from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { targetOf } from './edge-fixture.ts'
import { createSchemaChecks } from './schema-checks.ts'

const check = createSchemaChecks()
const create = check(targetOf('createTournament').operation.body!, '/body')
const reason = check(targetOf('voidDraw').operation.body!, '/body')
const codes = (problems: readonly { path: string; code: string }[]) =>
  problems.map(({ path, code }) => `${path} ${code}`)

describe('problems of a body', () => {
  it.each([
    [{}, ['/body/name required', '/body/limit required']],
    [{ name: 'a', limit: 2 }, []],
    [{ name: 'a', limit: 257 }, ['/body/limit range']],
    [{ name: 'a'.repeat(101), limit: 2 }, ['/body/name too-long']],
    [{ name: 'a'.repeat(2_000), limit: 2 }, ['/body/name too-long']],
    [{ name: '\u{1f600}'.repeat(100), limit: 2 }, []],
    [{ name: '\u{1f600}'.repeat(101), limit: 2 }, ['/body/name too-long']],
    [{ name: 'a\u202eb', limit: 2 }, ['/body/name control-character']],
    [{ name: 1, limit: '2' }, ['/body/name type', '/body/limit type']],
    [{ name: 'a', limit: 2, drawMode: 'fair' }, ['/body/drawMode enum']],
    [{ name: 'a', limit: 2, teams: 'classic' }, ['/body/teams type']],
    [{ name: 'a', limit: 2, teams: {} }, ['/body/teams/preset required']],
    [{ name: 'a', limit: 2, teams: { preset: 'mine' } }, ['/body/teams/preset enum']],
    [{ name: 'a', limit: 2, teams: { names: ['A'] } }, ['/body/teams/names range']],
    [{ name: 'a', limit: 2, teams: { names: ['A', ''] } }, ['/body/teams/names/1 empty']],
    [{ name: 'a', limit: 2, teams: { names: ['A', 'B'], extra: 1 } }, ['/body/teams/extra unknown-key']],
  ])('%j', (body, expected) => {
    expect(codes(create(body)).sort()).toEqual([...expected].sort())
  })

  it('have texts for people', () => {
    const texts = Object.fromEntries(
      create({ name: '', limit: 1 }).map(({ path, message }) => [path, message]),
    )
    expect(texts).toEqual({ '/body/name': 'Must not be empty.', '/body/limit': 'Must be from 2 to 256.' })
  })

  it.each([
    [
      'email-address',
      Email,
      ['ada@example.org', ' ada@example.org '],
      ['ada', 'ada@', '@x', 'a b@x.org', 'a@b@c'],
    ],
    ['phone', Phone, ['+44 20 7946 0018', '0123-456'], ['phone', '12', '+', '1+2 3', '123 456 x']],
    [
      'web-address',
      WebAddress,
      ['https://club.example', 'http://club.example:8080/a?b#c', 'HTTPS://münchen.example'],
      [
        'club.example',
        'javascript:alert(1)',
        'ftp://club.example',
        'https://',
        'https:///x',
        'https://a b.example',
        'https://ada:secret@club.example',
        'https://club.example\n',
        '//club.example',
        'data:text/html,x',
      ],
    ],
  ] as const)('of a value that is no %s have a text for people', (_, schema, good, bad) => {
    const each = check(Closed({ value: schema }), '/body')
    for (const value of good) expect(each({ value }), value).toEqual([])
    for (const value of bad) {
      const [problem] = each({ value })
      expect(problem, value).toMatchObject({ path: '/body/value', code: 'format' })
      expect(problem?.message).toMatch(/^Must be an? (e-mail address|phone number|address of the web)/)
    }
  })

  it('of texts are about what is left after trimming', () => {
    const each = check(Closed({ text: Text(5, 1) }), '/body')
    const found = (text: string) => codes(each({ text }))
    expect(found('a\nb\tc')).toEqual([])
    expect(found('🏆🏆🏆🏆🏆')).toEqual([])
    expect(found('123456')).toEqual(['/body/text too-long'])
    expect(found('')).toEqual(['/body/text empty'])
    expect(found('   ')).toEqual(['/body/text empty'])
    expect(found('a\u0000')).toEqual(['/body/text control-character'])
    expect(found('a\u202eb')).toEqual(['/body/text control-character'])
    // Composed, this is more characters than it was typed with.
    expect(found('\u0958\u0958\u0958')).toEqual(['/body/text too-long'])
    const note = check(Closed({ note: Text(3) }), '/body')
    expect(note({ note: '' })).toEqual([])
    expect(codes(note({ note: 'abcd' }))).toEqual(['/body/note too-long'])
  })

  it('of lines are those of texts that have no breaks', () => {
    const line = check(Closed({ line: { type: 'string', format: 'line', maxLength: 4 } }), '/query')
    expect(line({ line: 'a b' })).toEqual([])
    expect(line({ line: '' })).toEqual([])
    expect(codes(line({ line: 'a\nb' }))).toEqual(['/query/line control-character'])
    expect(codes(line({ line: 'abcde' }))).toEqual(['/query/line too-long'])
  })

  it('of a list that has the same twice', () => {
    const list = check(
      Closed({ scopes: { type: 'array', items: OneOf(['a', 'b']), uniqueItems: true } }),
      '/body',
    )
    expect(list({ scopes: ['a', 'b'] })).toEqual([])
    expect(codes(list({ scopes: ['a', 'a'] }))).toEqual(['/body/scopes duplicate'])
  })

  it('of a nullable value are those of the value', () => {
    const nullable = check(Closed({ team: Nullable(Name('team')) }), '/body')
    expect(codes(nullable({ team: '' }))).toEqual(['/body/team empty'])
    expect(codes(nullable({ team: 7 }))).toEqual(['/body/team type'])
    expect(nullable({ team: null })).toEqual([])
  })

  it.each([
    ['2026-02-28T23:59:59Z', true],
    ['2026-02-28T23:59:59.123Z', true],
    ['2026-02-30T00:00:00Z', false],
    ['2016-12-31T23:59:60Z', false],
    ['0000-00-00T00:00:00Z', false],
    ['2026-02-28T24:00:00Z', false],
    ['2026-02-28T12:00:00+01:00', false],
    ['yesterday', false],
  ])('a time %s: %s', (at, isGood) => {
    expect(check(Closed({ at: TimeSchema }), '/body')({ at }).length === 0).toBe(isGood)
  })

  it('a reason has 1 to 200 characters after trimming', () => {
    expect(reason({ reason: ` ${'r'.repeat(200)} ` })).toEqual([])
    expect(codes(reason({ reason: 'r'.repeat(201) }))).toEqual(['/body/reason too-long'])
    expect(codes(reason({ reason: ' ' }))).toEqual(['/body/reason empty'])
    expect(codes(reason({ reason: 'a\nb' }))).toEqual(['/body/reason control-character'])
  })

  it('are at most a hundred thousand keys away from an answer', () => {
    const body = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]))
    const from = performance.now()
    expect(create(body).length).toBeLessThanOrEqual(500)
    expect(performance.now() - from).toBeLessThan(2_000)
  })
})
