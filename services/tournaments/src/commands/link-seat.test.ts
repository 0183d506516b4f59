import { describe, expect, it } from 'vitest'
import type { TournamentEvent } from '../domain/event.ts'
import { created, joined, linked, passMoved, removed, requested } from '../testing/past.ts'
import {
  accountIdOf,
  accountOf,
  anyone,
  organizer,
  otherTournamentId,
  player,
  playerId,
  tournamentId,
  withAccount,
} from '../testing/people.ts'
import { passOf } from '../testing/test-passes.ts'
import { codeOf, when } from '../testing/when.ts'

const past = [created(), joined('Ann'), joined('Ben')]
const private_ = created({ details: { visibility: 'private' } })
const link = (pass = player('Ann'), by = withAccount('Ann')) => ({ input: { playerToken: passOf(pass) }, by })
const outcome = (after: readonly TournamentEvent[], asked = link()) => codeOf(when(after, 'linkSeat', asked))

describe('keeping a seat with an account', () => {
  it('tells a hash of it, claims it and keeps it apart', async () => {
    const decision = await when(past, 'linkSeat', link())
    expect(decision).toMatchObject({
      events: [{ type: 'seat-linked', data: { playerId: playerId('Ann'), account: accountOf('Ann').mark } }],
      answer: { playerId: playerId('Ann') },
      claims: [{ key: `account:${accountIdOf('Ann')}:${tournamentId}`, otherwise: 'player-exists' }],
      secrets: [{ name: `account:${playerId('Ann')}`, value: accountIdOf('Ann') }],
    })
    // Two accounts could otherwise be given one seat.
    expect(decision).not.toHaveProperty('basis', 'fence')
    expect(JSON.stringify(decision.kind === 'accepted' && decision.events)).not.toContain(accountIdOf('Ann'))
  })

  it('works for somebody who still waits to be let in', async () => {
    expect(await outcome([private_, requested('Ann')])).toBe('accepted')
  })

  it('done twice is no change', async () => {
    expect(await when([...past, linked('Ann')], 'linkSeat', link())).toMatchObject({
      events: [],
      answer: { playerId: playerId('Ann') },
    })
  })

  it('needs a pass that is good for this tournament, and the latest', async () => {
    expect(await outcome(past, link(organizer))).toBe('not-a-player')
    const elsewhere = { ...player('Ann'), tournamentId: otherTournamentId }
    expect(await outcome(past, link(elsewhere as never))).toBe('not-a-player')
    const forged = { input: { playerToken: 'x' }, by: withAccount('Ann') }
    expect(await outcome(past, forged)).toBe('not-a-player')
    expect(await outcome([...past, removed('Ann')])).toBe('not-a-player')
    expect(await outcome([...past, passMoved('Ann')])).toBe('pass-moved')
    expect(await outcome([...past, passMoved('Ann')], link(player('Ann', 2)))).toBe('accepted')
  })

  it('does not tell that there is a private tournament', async () => {
    expect(await outcome([private_, joined('Ben')])).toBe('not-found')
    expect(await outcome([])).toBe('not-found')
  })

  it('gives no seat to two, and nobody two seats', async () => {
    expect(await outcome([...past, linked('Ann', 'Ben')])).toBe('seat-linked')
    expect(await outcome([...past, linked('Ben', 'Ann')])).toBe('player-exists')
    const waiting = [private_, joined('Ann'), requested('Ben', { hasAccount: true })]
    expect(await outcome(waiting, link(player('Ann'), withAccount('Ben')))).toBe('player-exists')
  })

  it('is for accounts of players', async () => {
    expect(await outcome(past, link(player('Ann'), anyone))).toBe('not-allowed')
  })
})
