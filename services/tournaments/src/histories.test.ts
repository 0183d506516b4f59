import { setFlagsFromString } from 'node:v8'
import type { PlayerId } from '@matchday/contracts'
import type { RecordedEvent } from '@matchday/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountIn } from './account-mark.ts'
import { accountClaim, claimsOfTournament, organizationClaim } from './domain/claims.ts'
import type { ExistingTournament } from './domain/state.ts'
import { tournament } from './domain/tournament.ts'
import { breaches } from './testing/history.ts'
import { asTournamentEvent, fold, type Gap } from './testing/model-system.ts'
import {
  accountOf,
  type Played,
  people,
  play,
  story,
  storyOfAccounts,
  storyOfDraws,
  storyOfNames,
  storyOfRedraws,
} from './testing/stories.ts'

/** Whatever happens, a referee who shares no code with the service must find no breach of the rules. */
const happened = ({ system, id }: Played) => system.originals(id)
const toldNow = ({ system, id }: Played) => system.events(id)
const runs = { numRuns: 400, endOnFailure: true }

// V8 tells whether two objects have their properties in the same places.
setFlagsFromString('--allow-natives-syntax')
const haveOneShape = new Function('one', 'other', 'return %HaveSameMap(one, other)') as (
  one: object,
  other: object,
) => boolean

function stateOf(played: Played): ExistingTournament {
  const state = fold(toldNow(played))
  if (state.status === 'missing') throw new Error('it was created')
  return state
}

describe('whatever people do', () => {
  it('the rules hold', async () => {
    const counts = new Map<string, number>()
    const check = fc.asyncProperty(fc.oneof(story, storyOfDraws), async (told) => {
      const played = await play(told)
      expect(breaches(happened(played))).toEqual([])
      for (const { type } of happened(played)) counts.set(type, (counts.get(type) ?? 0) + 1)
    })
    await fc.assert(check, runs)
    // Stories in which something never happens would prove little about it.
    for (const type of [
      'teams-drawn',
      'seat-linked',
      'entry-requested',
      'entry-declined',
      'player-anonymized',
      'tournament-claimed',
      'details-changed',
    ]) {
      expect(counts.get(type) ?? 0, type).toBeGreaterThan(runs.numRuns / 80)
    }
  })

  it('the claims are those of the state, so that all that is freed can be taken again', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const played = await play(told)
        const state = stateOf(played)
        const wanted = [
          ...(state.status === 'archived' ? [] : claimsOfTournament(state)),
          ...lastingClaims(state),
        ]
        expect(played.system.claimsOf(played.id).sort()).toEqual(wanted.sort())
      }),
      runs,
    )
  })

  it('players are objects of one shape, so that long lists of them are read quickly', async () => {
    const shapes: object[] = []
    const check = fc.asyncProperty(fc.oneof(story, storyOfNames, storyOfRedraws), async (told) => {
      for (const player of stateOf(await play(told)).players) {
        if (!shapes.some((shape) => haveOneShape(shape, player))) shapes.push(player)
      }
    })
    await fc.assert(check, { numRuns: 100, endOnFailure: true })
    expect(shapes).toHaveLength(1)
    expect(haveOneShape(shapes[0]!, { ...shapes[0]!, pick: 'another' })).toBe(false)
  })

  it('a seed is in no event and no answer before the draw that reveals it', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const played = await play(told)
        for (const [name, seed] of played.system.secrets(played.id)) {
          if (!name.startsWith('draw-seed-')) continue
          const revealed = happened(played).find((event) => reveals(event, name))
          const before = happened(played).filter(({ version }) => version < (revealed?.version ?? Infinity))
          expect(JSON.stringify(before)).not.toContain(seed)
          expect(played.replies.join('\n')).not.toContain(seed)
          if (revealed !== undefined) expect(revealed.data.seed).toBe(seed)
        }
      }),
      runs,
    )
  })

  it('nothing is left of a name that is forgotten', async () => {
    let forgotten = 0
    const check = fc.asyncProperty(story, async (told) => {
      const played = await play(told)
      expect(leftovers(played)).toEqual([])
      forgotten += forgottenIn(played).length
    })
    await fc.assert(check, runs)
    expect(forgotten).toBeGreaterThan(runs.numRuns / 4)
  })

  it('a state that has seen the names comes to the same as one that has not', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const played = await play(told)
        expect(fold(happened(played))).toEqual(fold(toldNow(played)))
      }),
      runs,
    )
  })

  it('a state that was a snapshot goes on like any other', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.double({ min: 0, max: 1, noNaN: true }), async (told, where) => {
        const events = toldNow(await play(told))
        const cut = Math.floor(where * events.length)
        const snapshot = JSON.parse(JSON.stringify(fold(events.slice(0, cut))))
        const resumed = events
          .slice(cut)
          .reduce((state, event) => tournament.evolve(state, asTournamentEvent(event), event), snapshot)
        expect(resumed).toEqual(fold(events))
      }),
      { ...runs, numRuns: 100 },
    )
  })
})

/** A machinery with a gap must be found out: then the guard is needed, and the checks above can fail. */
describe('the referee sees what happens without', () => {
  async function firstFinding(
    stories: typeof story,
    gap: Gap,
    look: (played: Played) => readonly string[],
  ): Promise<readonly string[]> {
    const property = fc.asyncProperty(stories, async (told) => look(await play(told, gap)).length === 0)
    const { counterexample } = await fc.check(property, { numRuns: 10_000, endOnFailure: true, seed: 7 })
    return counterexample === null ? [] : look(await play(counterexample[0], gap))
  }
  const breachesIn = (played: Played) => breaches(happened(played))

  // The player's own name is missing: while seats are numbered from the lowest, two joins meet at the seat
  // already, and requests are counted.
  it.each(['seat:', 'team:', 'pick:', 'contribution:'])('what takes %s', async (takePrefix) => {
    expect(await firstFinding(storyOfRedraws, { takePrefix }, breachesIn)).not.toEqual([])
  })

  it('the claim account:', async () => {
    expect(await firstFinding(storyOfAccounts, { claimPrefix: 'account:' }, breachesIn)).not.toEqual([])
  })

  it.each(['joining-changed', 'player-removed', 'pass-moved', 'teams-drawn', 'tournament-archived'])(
    'the fence of %s',
    async (fencelessEvent) => {
      expect(await firstFinding(storyOfDraws, { fencelessEvent }, breachesIn)).not.toEqual([])
    },
  )

  it('the fence of details-changed', async () => {
    expect(await firstFinding(story, { fencelessEvent: 'details-changed' }, breachesIn)).not.toEqual([])
  })

  it('the fence of player-anonymized', async () => {
    const gap = { fencelessEvent: 'player-anonymized' }
    expect(await firstFinding(storyOfNames, gap, breachesIn)).not.toEqual([])
  })

  it.each(['names', 'secrets', 'claims'] as const)('forgetting %s', async (keeps) => {
    expect(await firstFinding(story, { keeps }, leftovers)).not.toEqual([])
  })
})

function lastingClaims(state: ExistingTournament): readonly string[] {
  const { id, organizationId } = state
  const marks = new Set([...state.players, ...state.requests].map(({ account }) => account))
  const accounts = people
    .map((_, who) => accountOf(who).accountId)
    .filter((accountId) => marks.has(accountIn(id, accountId).mark))
  return [
    ...accounts.map((accountId) => accountClaim(accountId, id)),
    ...(organizationId === null ? [] : [organizationClaim(organizationId, id)]),
  ]
}

/** Those whose names have gone, by themselves or with them. */
function forgottenIn(played: Played): readonly PlayerId[] {
  const types = ['player-anonymized', 'player-removed', 'entry-declined']
  const gone = happened(played).filter(({ type }) => types.includes(type))
  // Each of these events names somebody who joined.
  return gone.map(({ data }) => data.playerId as PlayerId)
}

/** Where something of somebody forgotten can still be read. */
function leftovers(played: Played): readonly string[] {
  const { system, id, joined } = played
  const state = stateOf(played)
  const present = [...state.players, ...state.requests].filter(({ key }) => key !== null)
  const stillThere = new Set(present.map((person) => joined.get(person.id)))
  const gone = new Set(forgottenIn(played).map((playerId) => joined.get(playerId)))
  const places = {
    events: toldNow(played),
    secrets: [...system.secrets(id)],
    claims: system.claimsOf(id),
    state,
    answers: system.answers,
  }
  const found: string[] = []
  for (const who of gone) {
    // Who has come again has a name again; and one is called like somebody without a name anyway.
    if (who === undefined || stillThere.has(who) || people[who]?.firstName === 'Player') continue
    const { firstName, lastName } = people[who] ?? { firstName: '', lastName: '' }
    const isShared = [...stillThere].some(
      (other) => other !== undefined && people[other]?.firstName === firstName,
    )
    const words: string[] = isShared ? [lastName] : [firstName, lastName]
    const hasAccount = [...state.players, ...state.requests].some(
      ({ account }) => account === accountIn(id, accountOf(who).accountId).mark,
    )
    if (!hasAccount) words.push(accountOf(who).accountId)
    for (const [place, what] of Object.entries(places)) {
      const text = JSON.stringify(what)
      for (const word of words) if (text.includes(word)) found.push(`${word} in ${place}`)
    }
  }
  return found
}

function reveals({ type, data }: RecordedEvent, secretName: string): boolean {
  return type === 'teams-drawn' && secretName === `draw-seed-${data.attempt}`
}
