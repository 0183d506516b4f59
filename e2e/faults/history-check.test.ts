import { describe, expect, it } from 'vitest'
import type { LogEvent } from '../support/audit.ts'
import type { CallRecord, Outcome } from './history.ts'
import { figuresOf, markOfDraw } from './history.ts'
import { checkHistory, type Findings } from './history-check.ts'

const tournament = 'cup'
const draw = [
  { playerId: 'ana', team: 'Norway' },
  { playerId: 'bo', team: 'Peru' },
]

function done(operation: CallRecord['operation'], type: string, mark: string): CallRecord {
  return {
    ...{ id: `${operation} ${mark}`, operation, about: tournament, startedAt: 0, endedAt: 5 },
    ...{ attempts: [{ startedAt: 0, endedAt: 5, status: 200 }], outcome: 'ok', last: '200' },
    effect: { tournament, type, mark },
  }
}

const calls: readonly CallRecord[] = [
  done('createTournament', 'tournament-created', 'First'),
  done('joinTournament', 'player-joined', 'ana Seat 0'),
  done('joinTournament', 'player-joined', 'bo Seat 1'),
  done('pickTeam', 'team-picked', 'ana Peru'),
  done('pickTeam', 'team-picked', 'bo Norway'),
  done('renameTournament', 'tournament-renamed', 'Second'),
  done('drawTeams', 'teams-drawn', markOfDraw(draw)),
]
const facts: readonly (readonly [type: string, data: object])[] = [
  ['tournament-created', { name: 'First' }],
  ['player-joined', { playerId: 'ana', firstName: 'Player', lastName: 'Seat 0' }],
  ['player-joined', { playerId: 'bo', firstName: 'Player', lastName: 'Seat 1' }],
  ['team-picked', { playerId: 'ana', team: 'Peru' }],
  ['team-picked', { playerId: 'bo', team: 'Norway' }],
  ['tournament-renamed', { name: 'Second' }],
  ['teams-drawn', { assignments: draw }],
]
const sound: Findings = { lost: [], doubled: [], gaps: [], broken: [], refused: [] }

function logOf(list: typeof facts): LogEvent[] {
  return list.map(([type, data], index) => ({ version: index + 1, type, at: '', data }))
}
const check = (told: readonly CallRecord[], list: typeof facts) =>
  checkHistory(told, new Map([[tournament, logOf(list)]]))
/** As somebody sees it who was never told. */
const forgotten = (call: CallRecord, outcome: Outcome = 'unknown'): CallRecord => ({
  ...call,
  outcome,
  effect: undefined,
})

describe('the check of a history', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(check(calls, facts)).toEqual(sound)
  })

  it.each(facts.map(([type], place) => [place, type] as const))('finds event %i lost: %s', (place) => {
    expect(check(calls, facts.toSpliced(place, 1)).lost).toHaveLength(1)
  })

  it.each(facts.map(([type], place) => [place, type] as const))('finds event %i doubled: %s', (place) => {
    const { lost, doubled } = check(calls, [...facts, facts[place]!])
    expect({ lost, doubled: doubled.length }).toEqual({ lost: [], doubled: 1 })
  })

  it('finds an event that nobody asked for, and one that was undone by being refused', () => {
    const extra = ['player-joined', { playerId: 'cy', firstName: 'Player', lastName: 'Seat 2' }] as const
    expect(check(calls, [...facts, extra]).doubled).toHaveLength(1)
    const told = calls.with(4, forgotten(calls[4]!, 'refused'))
    expect(check(told, facts)).toMatchObject({ doubled: [expect.any(String)], refused: [expect.any(String)] })
  })

  it('allows an unknown call one event or none, but not two', () => {
    const told = calls.with(4, forgotten(calls[4]!))
    expect(check(told, facts)).toEqual(sound)
    expect(check(told, facts.toSpliced(4, 1))).toEqual(sound)
    expect(check(told, [...facts, facts[4]!]).doubled).toHaveLength(1)
  })

  it('finds gaps and repeats among versions', () => {
    const log = logOf(facts)
    const holed = log.map((event, index) => (index < 3 ? event : { ...event, version: event.version + 1 }))
    expect(checkHistory(calls, new Map([[tournament, holed]])).gaps).toHaveLength(4)
    const repeated = log.with(3, { ...log[3]!, version: 3 })
    expect(checkHistory(calls, new Map([[tournament, repeated]])).gaps).toHaveLength(1)
  })

  it('finds two with one team, two in one seat, two draws, and a pick of nobody', () => {
    const brokenBy = (place: number, data: object) =>
      check(calls, facts.with(place, [facts[place]![0], data])).broken
    expect(brokenBy(4, { playerId: 'bo', team: 'Peru' })).toEqual(['cup: team Peru twice, again at 5'])
    expect(brokenBy(4, { playerId: 'ana', team: 'Norway' })).toEqual(['cup: pick of ana twice, again at 5'])
    expect(brokenBy(4, { playerId: 'cy', team: 'Norway' })).toEqual(['cup: a pick of nobody at 5'])
    expect(brokenBy(2, { playerId: 'ana', firstName: 'Player', lastName: 'Seat 1' })).toContain(
      'cup: player ana twice, again at 3',
    )
    expect(check(calls, [...facts, facts[6]!]).broken).toEqual(['cup: teams-drawn twice, again at 8'])
  })

  it('counts what failed, what was repeated, and the longest wait', () => {
    const patient: CallRecord = {
      ...calls[0]!,
      attempts: [
        { startedAt: 0, endedAt: 10, status: 503 },
        { startedAt: 20, endedAt: 30, status: 'lost' },
        { startedAt: 40, endedAt: 2_000, status: 201 },
      ],
      endedAt: 2_000,
    }
    expect(figuresOf([patient, ...calls.slice(1)])).toMatchObject({
      ...{ calls: 7, failures: { 503: 1, lost: 1 }, repeats: 2, p50Ms: 5, worstMs: 2_000 },
    })
  })
})
