import { verifyProof } from '@matchday/competition'
import { Fault } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { noAccess } from '../domain/access.ts'
import { drawProof } from '../domain/draw-proof.ts'
import {
  archived,
  created,
  drawn,
  joined,
  linked,
  passMoved,
  picked,
  removed,
  requested,
  voided,
} from '../testing/past.ts'
import { accountIdOf, organizer, player, playerId, tournamentId } from '../testing/people.ts'
import { codeOf, commandEntry, stateAfter, when } from '../testing/when.ts'

const ann = playerId('Ann')
const input = { playerId: ann }
const past = [created({ limit: 2 }), joined('Ben'), joined('Ann'), picked('Ann', 'PSG')]
const done = [
  ...past,
  picked('Ben', 'Bayern'),
  drawn([
    ['Ben', 'Bayern'],
    ['Ann', 'PSG'],
  ]),
]

describe('removing a player', () => {
  it('is decided on the exact version, and by whom is told', async () => {
    const decision = await when(past, 'removePlayer', { input, by: organizer })
    expect(decision).toMatchObject({
      events: [{ type: 'player-removed', data: { playerId: ann, by: 'organizer' } }],
      essential: true,
    })
    expect(decision).not.toHaveProperty('basis', 'fence')
  })

  it('can be the player who leaves', async () => {
    expect(await when(past, 'removePlayer', { input, by: player('Ann') })).toMatchObject({
      events: [{ data: { playerId: ann, by: 'player' } }],
    })
  })

  it('takes his name out of what happened, for he leaves nothing behind', async () => {
    const gone = { playerId: ann, firstName: 'Player', lastName: '2' }
    const all = [created(), joined('Ben'), requested('Ann'), joined('Ann'), linked('Ann')]
    expect(await when(all, 'removePlayer', { input, by: organizer })).toMatchObject({
      redactions: [
        { version: 3, data: gone },
        { version: 4, data: gone },
        { version: 5, data: { playerId: ann, account: '0'.repeat(64) } },
      ],
      forgottenSecrets: [`name:${ann}`, `account:${ann}`],
      releases: expect.arrayContaining([`account:${accountIdOf('Ann')}:${tournamentId}`]),
    })
  })

  it('takes it out of void draws too, and their proofs still hold', () => {
    const state = stateAfter([...done, voided(), removed('Ann')])
    const proof = drawProof(state, 1)
    expect(verifyProof(proof)).toMatchObject({ ok: true })
    expect(proof).toMatchObject({ entrants: [{ name: 'Ben S.' }, { name: 'Player 2' }] })
  })

  it('asks to be sent again when the account was linked since it was looked at', () => {
    const { handler } = commandEntry('removePlayer')
    const facts = { access: noAccess, facts: { secrets: new Map() } }
    const command = {
      input: { id: tournamentId, ...input },
      caller: organizer,
      now: '',
      expectedVersion: undefined,
      facts,
    }
    const decide = () => handler.decide(stateAfter([...past, linked('Ann')]), command, { version: 5 })
    expect(decide).toThrow(Fault)
  })

  it('is taking back to whoever only waits, at any time', async () => {
    const private_ = created({ limit: 2, details: { visibility: 'private' } })
    const waiting = [private_, requested('Ann')]
    const takesBack = {
      events: [{ type: 'entry-declined', data: { playerId: ann } }],
      redactions: [{ version: 2, data: { playerId: ann, firstName: 'Player', lastName: '' } }],
    }
    expect(await when(waiting, 'removePlayer', { input, by: player('Ann') })).toMatchObject(takesBack)
    expect(await when([...waiting, archived], 'removePlayer', { input, by: player('Ann') })).toMatchObject(
      takesBack,
    )
    expect(await codeOf(when(waiting, 'removePlayer', { input, by: player('Ben') }))).toBe('not-found')
  })

  it('is nobody else', async () => {
    expect(await codeOf(when(past, 'removePlayer', { input, by: player('Ben') }))).toBe('not-allowed')
  })

  it('is possible again when the draw is void', async () => {
    expect(await codeOf(when([...done, voided()], 'removePlayer', { input, by: organizer }))).toBe('accepted')
  })

  it('names the first rule that is broken', async () => {
    const old = { input, by: player('Ann') }
    expect(await codeOf(when([], 'removePlayer', old))).toBe('not-found')
    const moved = [...done, passMoved('Ann')]
    expect(await codeOf(when([...moved, archived], 'removePlayer', old))).toBe('tournament-archived')
    expect(await codeOf(when(moved, 'removePlayer', old))).toBe('already-drawn')
    expect(await codeOf(when([created()], 'removePlayer', old))).toBe('not-a-player')
    expect(await codeOf(when([...past, passMoved('Ann')], 'removePlayer', old))).toBe('pass-moved')
  })
})
