import { describe, expect, it } from 'vitest'
import { archived, created, drawn, joined, passMoved, picked, removed, voided } from '../testing/past.ts'
import { contribution, player, playerId } from '../testing/people.ts'
import { codeOf, eventsOf, when } from '../testing/when.ts'

const ann = playerId('Ann')
const pick = (team: string, by = player('Ann'), extra = {}) => ({
  input: { playerId: ann, team, ...extra },
  by,
})
const past = [created({ limit: 3 }), joined('Ann'), joined('Ben')]
const both = [
  ['Ann', 'PSG'],
  ['Ben', 'Bayern'],
] as const
const done = [
  created({ limit: 2 }),
  joined('Ann'),
  joined('Ben'),
  picked('Ann', 'PSG'),
  picked('Ben', 'Bayern'),
  drawn(both),
]

describe('picking a team', () => {
  it('is allowed before the tournament is full', async () => {
    expect(await when(past, 'pickTeam', pick(' Bayern '))).toMatchObject({
      events: [{ type: 'team-picked', data: { playerId: ann, team: 'Bayern', contribution: null } }],
      answer: { playerId: ann, team: 'Bayern' },
      takes: [`pick:${ann}`, 'team:0'],
      basis: 'fence',
    })
  })

  it('brings the contribution of the device', async () => {
    const decision = when(past, 'pickTeam', pick('PSG', player('Ann'), { contribution: contribution('Ann') }))
    expect(await eventsOf(decision)).toMatchObject([{ data: { contribution: contribution('Ann') } }])
  })

  it('of the same team again is the same answer', async () => {
    expect(await when([...past, picked('Ann', 'PSG')], 'pickTeam', pick('PSG'))).toMatchObject({
      events: [],
      answer: { playerId: ann, team: 'PSG' },
    })
  })

  it('keeps the first contribution to an attempt', async () => {
    const again = pick('PSG', player('Ann'), { contribution: contribution('Ann', 2) })
    expect(await eventsOf(when([...past, picked('Ann', 'PSG')], 'pickTeam', again))).toEqual([])
  })

  it('of the same team takes a contribution to a new attempt', async () => {
    const fresh = contribution('Ann', 2)
    const again = pick('PSG', player('Ann'), { contribution: fresh })
    expect(await when([...done, voided()], 'pickTeam', again)).toMatchObject({
      events: [{ type: 'contribution-added', data: { playerId: ann, contribution: fresh } }],
      answer: { playerId: ann, team: 'PSG' },
      takes: [`contribution:2:${ann}`],
      basis: 'fence',
    })
  })

  it('of a team that a removed player had is allowed', async () => {
    const freed = [...past, picked('Ben', 'PSG'), removed('Ben')]
    expect(await codeOf(when(freed, 'pickTeam', pick('PSG')))).toBe('accepted')
  })

  it('of a taken team is allowed when picks are shared, and takes no team', async () => {
    const shared = [created({ picks: 'shared' }), joined('Ann'), joined('Ben'), picked('Ben', 'PSG')]
    expect(await when(shared, 'pickTeam', pick('PSG'))).toMatchObject({
      kind: 'accepted',
      takes: [`pick:${ann}`],
    })
  })

  it('names the first rule that is broken', async () => {
    const old = player('Ann', 1)
    const withoutAnn = [created({ limit: 3 }), joined('Ben')]
    const moved = [...past, passMoved('Ann')]
    const bothPicked = [...past, picked('Ann', 'PSG'), picked('Ben', 'Bayern')]
    expect(await codeOf(when([], 'pickTeam', pick('none')))).toBe('not-found')
    expect(await codeOf(when([...done, archived], 'pickTeam', pick('none')))).toBe('tournament-archived')
    expect(await codeOf(when(done, 'pickTeam', pick('none')))).toBe('already-drawn')
    expect(await codeOf(when(withoutAnn, 'pickTeam', pick('none')))).toBe('not-a-player')
    expect(await codeOf(when(moved, 'pickTeam', pick('none', old)))).toBe('pass-moved')
    expect(await codeOf(when(bothPicked, 'pickTeam', pick('none')))).toBe('unknown-team')
    expect(await codeOf(when(bothPicked, 'pickTeam', pick('Bayern')))).toBe('already-picked')
    expect(await codeOf(when([...past, picked('Ben', 'Bayern')], 'pickTeam', pick('Bayern')))).toBe(
      'team-taken',
    )
  })

  it('knows a team by its exact name only', async () => {
    expect(await codeOf(when(past, 'pickTeam', pick('psg')))).toBe('unknown-team')
  })

  it('goes with the latest pass', async () => {
    expect(await codeOf(when([...past, passMoved('Ann')], 'pickTeam', pick('PSG', player('Ann', 2))))).toBe(
      'accepted',
    )
  })
})
