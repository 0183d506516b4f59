import { tournamentLimits } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import type { TournamentEvent } from '../domain/event.ts'
import {
  anonymized,
  archived,
  created,
  drawn,
  joined,
  joinedLongAgo,
  joiningSet,
  linked,
  nameKeyOf,
  picked,
  removed,
  requested,
} from '../testing/past.ts'
import { accountIdOf, accountOf, anyone, numberedId, tournamentId, withAccount } from '../testing/people.ts'
import { codeOf, commandEntry, eventsOf, shown, when } from '../testing/when.ts'

const named = (firstName: string, lastName = 'Smith', more: JsonObject = {}) => ({
  input: { firstName, lastName, ...more },
  by: anyone,
})
const smith = (firstName: string) => named(firstName)
const two = [created({ limit: 2 }), joined('Ann'), joined('Ben')]
const private_ = created({ limit: 2, details: { visibility: 'private' } })
const nameTake = (firstName: string, lastName = 'Smith') => `name:${nameKeyOf(firstName, lastName)}`

/** How somebody is shown who joins after a past. */
async function shownAfter(
  past: readonly TournamentEvent[],
  asked: ReturnType<typeof named>,
): Promise<string> {
  const [event] = await eventsOf(when(past, 'joinTournament', asked))
  return `${event?.data.firstName} ${event?.data.lastName}`
}

describe('joining', () => {
  it('takes the lowest free seat', async () => {
    expect(await when([created(), joined('Ann')], 'joinTournament', smith(' Cleo '))).toMatchObject({
      events: [
        {
          type: 'player-joined',
          data: {
            playerId: numberedId(77),
            firstName: 'Cleo',
            lastName: 'S.',
            nameKey: nameKeyOf('Cleo', 'Smith'),
          },
        },
      ],
      answer: { tournamentId, playerId: numberedId(77) },
      takes: [nameTake('Cleo'), 'seat:2'],
      basis: 'fence',
    })
    expect(await when([...two, removed('Ann')], 'joinTournament', smith('Cleo'))).toMatchObject({
      takes: [nameTake('Cleo'), 'seat:1'],
    })
  })

  it('answers with the first pass of the player and how he is shown, the same each time', async () => {
    const { input } = smith(' Cleo ')
    const present = () =>
      shown('joinTournament', when([created()], 'joinTournament', smith(' Cleo ')), input, 4)
    const told = await present()
    const holder = { kind: 'player', tournamentId, playerId: numberedId(77), pass: 1 }
    expect(told).toEqual({
      playerId: numberedId(77),
      playerToken: `signed ${JSON.stringify(holder)}`,
      version: 4,
      firstName: 'Cleo',
      lastName: 'S.',
      isWaiting: false,
    })
    expect(await present()).toEqual(told)
  })

  it('tells an answer again that an older release has kept', async () => {
    const { handler } = commandEntry('joinTournament')
    const command = { input: { id: tournamentId, ...smith('Cleo').input }, facts: {} }
    expect(await handler.present({ tournamentId, playerId: numberedId(77) }, 4, command)).toMatchObject({
      playerId: numberedId(77),
      isWaiting: false,
    })
  })

  it('refuses the same player, also in other case and accents', async () => {
    const past = [created(), joined('Ann')]
    expect(await codeOf(when(past, 'joinTournament', smith('Ann')))).toBe('player-exists')
    expect(await codeOf(when(past, 'joinTournament', smith('ÁNN')))).toBe('player-exists')
  })

  it('refuses the same player whom an older release has let in', async () => {
    const past = [created(), joinedLongAgo('Ann')]
    expect(await codeOf(when(past, 'joinTournament', smith('ÁNN ')))).toBe('player-exists')
  })

  it('tells first and last name apart', async () => {
    expect(await codeOf(when([created(), joined('Ann')], 'joinTournament', named('Smith', 'Ann')))).toBe(
      'accepted',
    )
  })

  it('lets a removed player in again', async () => {
    expect(await codeOf(when([...two, removed('Ann')], 'joinTournament', smith('Ann')))).toBe('accepted')
  })

  it('names the first rule that is broken', async () => {
    const closed = [...two, joiningSet(false)]
    const picks = [picked('Ann', 'PSG'), picked('Ben', 'Bayern')]
    const done = [
      ...closed,
      ...picks,
      drawn([
        ['Ann', 'PSG'],
        ['Ben', 'Bayern'],
      ]),
    ]
    expect(await codeOf(when([], 'joinTournament', smith('Ann')))).toBe('not-found')
    expect(await codeOf(when([...done, archived], 'joinTournament', smith('Ann')))).toBe(
      'tournament-archived',
    )
    expect(await codeOf(when(done, 'joinTournament', smith('Ann')))).toBe('already-drawn')
    expect(await codeOf(when(closed, 'joinTournament', smith('Ann')))).toBe('joining-closed')
    expect(await codeOf(when(two, 'joinTournament', smith('Ann')))).toBe('player-exists')
    expect(await codeOf(when(two, 'joinTournament', smith('Cleo')))).toBe('tournament-full')
  })
})

describe('the name of who joins', () => {
  const past = [created({ limit: 10 })]

  it('is shown with one letter of the last name, and kept whole apart from what happened', async () => {
    const decision = await when(past, 'joinTournament', named('Zoë', 'Łukasiewicz'))
    expect(decision).toMatchObject({
      events: [{ data: { firstName: 'Zoë', lastName: 'Ł.' } }],
      secrets: [{ name: `name:${numberedId(77)}`, value: '{"lastName":"Łukasiewicz"}' }],
    })
    const { events, answer } = decision.kind === 'accepted' ? decision : { events: [], answer: {} }
    expect(JSON.stringify({ events, answer })).not.toMatch(/ukasiewicz/)
    expect(JSON.stringify(answer)).not.toMatch(/Zoë/)
  })

  it('is shown whole to whoever wants that, and then is no secret', async () => {
    const decision = when(past, 'joinTournament', named('Ann', 'Smith', { showsFullName: true }))
    expect(await decision).toMatchObject({ events: [{ data: { lastName: 'Smith' } }], secrets: [] })
  })

  it('has a number when another looks alike', async () => {
    const sand = named('Ann', 'Sand')
    expect(await shownAfter([...past, joined('Ann')], sand)).toBe('Ann S. 2')
    expect(await shownAfter([...past, joined('Ann')], named('ÁNN', 'Sand'))).toBe('ÁNN S. 2')
    const soto: TournamentEvent = {
      type: 'player-joined',
      data: { playerId: numberedId(78), firstName: 'Ann', lastName: 'S. 2' },
    }
    expect(await shownAfter([...past, joined('Ann'), soto], sand)).toBe('Ann S. 3')
    expect(await shownAfter([...past, soto], sand)).toBe('Ann S.')
  })

  it('has a number also when it is shown whole and looks like a shortened one', async () => {
    const whole = named('Ann', 'S.', { showsFullName: true })
    const decision = await when([...past, joined('Ann')], 'joinTournament', whole)
    expect(decision).toMatchObject({
      events: [{ data: { lastName: 'S. 2' } }],
      secrets: [{ value: '{"lastName":"S."}' }],
    })
  })

  it('can be that of somebody whose name was forgotten', async () => {
    const forgotten = [...past, joined('Ann'), anonymized('Ann', 1)]
    expect(await shownAfter(forgotten, smith('Ann'))).toBe('Ann S.')
    expect(await shownAfter(forgotten, named('Player', '1', { showsFullName: true }))).toBe('Player 1 2')
  })

  it('does not run into that of somebody who waits', async () => {
    const waiting = [private_, requested('Ann')]
    expect(await shownAfter(waiting, named('Ann', 'Sand'))).toBe('Ann S. 2')
  })
})

describe('joining with an account', () => {
  const past = [created({ limit: 10 }), joined('Ben')]
  const asAnn = { ...smith('Ann'), by: withAccount('Ann') }

  it('keeps the seat with it, of which only a hash is told', async () => {
    const decision = await when(past, 'joinTournament', asAnn)
    expect(decision).toMatchObject({
      events: [{ data: { account: accountOf('Ann').mark } }],
      takes: [nameTake('Ann'), 'seat:2'],
      claims: [{ key: `account:${accountIdOf('Ann')}:${tournamentId}`, otherwise: 'player-exists' }],
      secrets: expect.arrayContaining([{ name: `account:${numberedId(77)}`, value: accountIdOf('Ann') }]),
    })
    expect(JSON.stringify(decision.kind === 'accepted' && decision.events)).not.toContain(accountIdOf('Ann'))
  })

  it('gives an account one seat', async () => {
    const again = { ...smith('Cleo'), by: withAccount('Ann') }
    expect(await codeOf(when([...past, joined('Ann', { hasAccount: true })], 'joinTournament', again))).toBe(
      'player-exists',
    )
    expect(await codeOf(when([...past, linked('Ben', 'Ann')], 'joinTournament', again))).toBe('player-exists')
    const waiting = [private_, requested('Ann', { hasAccount: true })]
    expect(await codeOf(when(waiting, 'joinTournament', again))).toBe('player-exists')
  })
})

describe('joining a private tournament', () => {
  it('only asks to be let in, on the exact version', async () => {
    const decision = await when([private_], 'joinTournament', smith('Cleo'))
    expect(decision).toMatchObject({
      events: [{ type: 'entry-requested', data: { firstName: 'Cleo', lastName: 'S.' } }],
      answer: { isWaiting: true },
      takes: [nameTake('Cleo')],
      basis: 'version',
    })
  })

  it('is refused to whoever is in or waits already, and when all seats are taken', async () => {
    expect(await codeOf(when([private_, requested('Ann')], 'joinTournament', smith('Ann')))).toBe(
      'player-exists',
    )
    const full = [private_, joined('Ann'), joined('Ben')]
    expect(await codeOf(when(full, 'joinTournament', smith('Cleo')))).toBe('tournament-full')
  })

  it('is refused when too many wait', async () => {
    const requests = (count: number): TournamentEvent[] =>
      Array.from({ length: count }, (_, index) => ({
        type: 'entry-requested',
        data: {
          playerId: numberedId(5_000 + index),
          firstName: `P${index}`,
          lastName: 'X.',
          nameKey: `${index}`,
        },
      }))
    const join = (waiting: number) =>
      codeOf(when([private_, ...requests(waiting)], 'joinTournament', smith('Cleo')))
    expect(await join(tournamentLimits.entryRequestsMax - 1)).toBe('accepted')
    expect(await join(tournamentLimits.entryRequestsMax)).toBe('limit-reached')
  })
})
