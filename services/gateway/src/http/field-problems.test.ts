import { Closed, Name, Nullable, TimeSchema } from '@matchday/contracts'
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
