import { Fault } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { noAccess } from '../domain/access.ts'
import { anonymized, archived, created, joined, linked, passMoved, requested } from '../testing/past.ts'
import { accountOf, player, playerId, tournamentId, withAccount } from '../testing/people.ts'
import { codeOf, commandEntry, stateAfter, when } from '../testing/when.ts'

const past = [created(), joined('Ben'), joined('Ann', { hasAccount: true })]
const open = { by: withAccount('Ann') }
const ann = playerId('Ann')

describe('sitting down with an account', () => {
  it('moves the pass to the calling device, like moving it does', async () => {
    expect(await when([...past, passMoved('Ann')], 'openSeat', open)).toMatchObject({
      events: [{ type: 'pass-moved', data: { playerId: ann, pass: 3 } }],
      answer: { tournamentId, playerId: ann, pass: 3 },
      basis: 'fence',
      essential: true,
    })
  })

  it('tells how the player is shown, and keeps no name with the answer', async () => {
    const decision = await when(past, 'openSeat', open)
    expect(JSON.stringify(decision.kind === 'accepted' && decision.answer)).not.toContain('Ann')
    const { handler } = commandEntry('openSeat')
    const facts = {
      access: noAccess,
      facts: { account: accountOf('Ann'), name: { firstName: 'Ann', lastName: 'S.' } },
    }
    const answer = { tournamentId, playerId: ann, pass: 2 }
    expect(await handler.present(answer, 4, { input: { id: tournamentId }, facts })).toEqual({
      playerId: ann,
      playerToken: `signed ${JSON.stringify({ ...player('Ann'), pass: 2 })}`,
      version: 4,
      firstName: 'Ann',
      lastName: 'S.',
    })
  })

  it('works with a seat that was linked later, and in the archive', async () => {
    expect(await codeOf(when([created(), joined('Ann'), linked('Ann'), archived], 'openSeat', open))).toBe(
      'accepted',
    )
  })

  it('asks to be sent again when the seat was linked since it was looked at', () => {
    const { handler } = commandEntry('openSeat')
    const facts = {
      access: { ...noAccess, account: accountOf('Ann').mark },
      facts: { account: accountOf('Ann'), name: null },
    }
    const command = {
      input: { id: tournamentId },
      caller: open.by,
      now: '',
      expectedVersion: undefined,
      facts,
    }
    expect(() => handler.decide(stateAfter(past), command, { version: 3 })).toThrow(Fault)
  })

  it('needs a seat that belongs to the account', async () => {
    expect(await codeOf(when([], 'openSeat', open))).toBe('not-found')
    expect(await codeOf(when([created(), joined('Ann')], 'openSeat', open))).toBe('not-a-player')
    expect(await codeOf(when([...past, anonymized('Ann', 2)], 'openSeat', open))).toBe('not-a-player')
    const private_ = created({ details: { visibility: 'private' } })
    expect(await codeOf(when([private_], 'openSeat', open))).toBe('not-found')
    expect(await codeOf(when([private_, requested('Ann', { hasAccount: true })], 'openSeat', open))).toBe(
      'not-a-player',
    )
    expect(await codeOf(when(past, 'openSeat', { by: player('Ann') }))).toBe('not-allowed')
  })
})
