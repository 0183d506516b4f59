import { commitmentOf } from '@matchday/competition'
import { Fault } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { noAccess } from '../domain/access.ts'
import type { TournamentEvent } from '../domain/event.ts'
import {
  archived,
  created,
  drawn,
  joined,
  joiningSet,
  passMoved,
  picked,
  seedOfAttempt,
  voided,
} from '../testing/past.ts'
import { organizer, people, playerId, tournamentId } from '../testing/people.ts'
import { codeOf, commandEntry, eventsOf, stateAfter, when } from '../testing/when.ts'

const draw = (past: readonly TournamentEvent[]) => when(past, 'drawTeams', { by: organizer })
const ready = [
  created({ limit: 2 }),
  joined('Ann'),
  joined('Ben'),
  picked('Ann', 'PSG'),
  picked('Ben', 'Bayern'),
]
const result = drawn([
  ['Ann', 'PSG'],
  ['Ben', 'Bayern'],
])

describe('drawing the teams', () => {
  it('gives every player one of the picked teams and reveals the seed that was committed to', async () => {
    const decision = await draw(ready)
    expect(decision).toMatchObject({ events: [result], essential: true })
    const { seed, assignments } = result.type === 'teams-drawn' ? result.data : { seed: '', assignments: [] }
    expect(ready[0]?.data).toHaveProperty('commitment', commitmentOf(seed))
    expect(assignments.map(({ playerId: id }) => id)).toEqual([playerId('Ann'), playerId('Ben')])
    expect(assignments.map(({ team }) => team).sort()).toEqual(['Bayern', 'PSG'])
  })

  it('is decided on the exact version', async () => {
    expect(await draw(ready)).not.toHaveProperty('basis', 'fence')
  })

  it('done twice answers with the first result, its version too', async () => {
    const first = await draw(ready)
    const second = await draw([...ready, result, passMoved('Ann')])
    expect(second).toMatchObject({ kind: 'accepted', events: [] })
    expect(second.kind === 'accepted' && second.answer).toEqual(first.kind === 'accepted' && first.answer)
    expect(first).toMatchObject({ answer: { attempt: 1, version: ready.length + 1 } })
  })

  it('of a void attempt is a new attempt with the next seed', async () => {
    const [event] = await eventsOf(draw([...ready, result, voided()]))
    expect(event?.data).toMatchObject({ attempt: 2, seed: seedOfAttempt(2) })
  })

  it('needs all seats taken, or joining closed and two players', async () => {
    const two = [created({ limit: 3 }), ...ready.slice(1)]
    expect(await codeOf(draw(two))).toBe('not-full')
    expect(await codeOf(draw([...two, joiningSet(false)]))).toBe('accepted')
    const one = [created({ limit: 3 }), joined('Ann'), picked('Ann', 'PSG'), joiningSet(false)]
    expect(await codeOf(draw(one))).toBe('not-full')
  })

  it('needs everybody to have picked', async () => {
    expect(await codeOf(draw(ready.slice(0, 3)))).toBe('not-all-picked')
    expect(await codeOf(draw(ready.slice(0, 4)))).toBe('not-all-picked')
  })

  it('that gives nobody his own is impossible when too many share a pick, and says which', async () => {
    const past = [
      created({ limit: 3, picks: 'shared', drawMode: 'derangement' }),
      joined('Ann'),
      joined('Ben'),
      joined('Cleo'),
      picked('Ann', 'PSG'),
      picked('Ben', 'PSG'),
      picked('Cleo', 'Bayern'),
    ]
    expect(await draw(past)).toEqual({
      kind: 'rejected',
      code: 'draw-impossible',
      detail: 'Picked by too many: PSG (2, at most 1).',
    })
  })

  it('swaps two players when nobody may get his own, and leaves them theirs in mode keep', async () => {
    const [, ...rest] = ready
    const [swapped] = await eventsOf(draw([created({ drawMode: 'derangement' }), ...rest]))
    expect(swapped?.data.assignments).toEqual([
      { playerId: playerId('Ann'), team: 'Bayern' },
      { playerId: playerId('Ben'), team: 'PSG' },
    ])
    const [kept] = await eventsOf(draw([created({ drawMode: 'keep' }), ...rest]))
    expect(kept?.data.assignments).toEqual([
      { playerId: playerId('Ann'), team: 'PSG' },
      { playerId: playerId('Ben'), team: 'Bayern' },
    ])
  })

  it('of 10 players omits no player and no team', async () => {
    const teamNames = people.map((name) => `FC ${name}`)
    const past = [
      created({ limit: 10, teamNames }),
      ...people.map((name) => joined(name)),
      ...people.map((name) => picked(name, `FC ${name}`)),
    ]
    const [event] = await eventsOf(draw(past))
    expect(event?.data.assignments).toHaveLength(10)
    for (const name of people) {
      expect(event?.data.assignments).toContainEqual({ playerId: playerId(name), team: expect.any(String) })
      expect(event?.data.assignments).toContainEqual({ playerId: expect.any(String), team: `FC ${name}` })
    }
  })

  it('names the first rule that is broken', async () => {
    expect(await codeOf(draw([]))).toBe('not-found')
    expect(await codeOf(draw([...ready, result, archived]))).toBe('tournament-archived')
    expect(await codeOf(draw([created({ limit: 3 }), joined('Ann')]))).toBe('not-full')
  })

  it('asks to be sent again when the seed came with an event that is newer than what was read', async () => {
    const { handler } = commandEntry('drawTeams')
    const command = {
      input: { id: tournamentId },
      caller: organizer,
      now: '',
      expectedVersion: undefined,
      facts: { access: noAccess, facts: { secrets: new Map() } },
    }
    const decide = () => handler.decide(stateAfter(ready), command, { version: ready.length })
    expect(decide).toThrow(Fault)
    expect(decide).toThrow(expect.objectContaining({ code: 'unavailable', retryable: true }))
  })
})
