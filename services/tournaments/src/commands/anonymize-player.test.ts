import { verifyProof } from '@matchday/competition'
import { describe, expect, it } from 'vitest'
import { drawProof } from '../domain/draw-proof.ts'
import {
  anonymized,
  archived,
  created,
  drawn,
  joined,
  joinedLongAgo,
  linked,
  passMoved,
  picked,
  requested,
  voided,
} from '../testing/past.ts'
import { accountIdOf, organizer, player, playerId, tournamentId } from '../testing/people.ts'
import { codeOf, stateAfter, when } from '../testing/when.ts'

const ann = playerId('Ann')
const input = { playerId: ann }
const past = [created(), joined('Ben'), joined('Ann')]
const anonymize = { input, by: organizer }
const nobody = { playerId: ann, firstName: 'Player', lastName: '2' }

describe('taking a player’s name out', () => {
  it('leaves the number of his seat, in what happened too', async () => {
    expect(await when(past, 'anonymizePlayer', anonymize)).toMatchObject({
      events: [{ type: 'player-anonymized', data: nobody }],
      answer: { firstName: 'Player', lastName: '2' },
      redactions: [{ version: 3, data: nobody }],
      forgottenSecrets: [`name:${ann}`, `account:${ann}`],
      releases: [],
      essential: true,
    })
  })

  it('lets his account go, and whoever asked to be let in before', async () => {
    const all = [created(), joined('Ben'), requested('Ann'), joined('Ann'), linked('Ann')]
    expect(await when(all, 'anonymizePlayer', anonymize)).toMatchObject({
      redactions: [
        { version: 3, data: nobody },
        { version: 4, data: nobody },
        { version: 5, data: { playerId: ann, account: '0'.repeat(64) } },
      ],
      releases: [`account:${accountIdOf('Ann')}:${tournamentId}`],
    })
  })

  it('takes out what an older release has written', async () => {
    expect(await when([created(), joinedLongAgo('Ann')], 'anonymizePlayer', anonymize)).toMatchObject({
      redactions: [{ version: 2, data: { firstName: 'Player', lastName: '1' } }],
    })
  })

  it('can be done by the player himself, by the latest pass', async () => {
    expect(await codeOf(when(past, 'anonymizePlayer', { input, by: player('Ann') }))).toBe('accepted')
    expect(await codeOf(when(past, 'anonymizePlayer', { input, by: player('Ben') }))).toBe('not-allowed')
    const moved = [...past, passMoved('Ann')]
    expect(await codeOf(when(moved, 'anonymizePlayer', { input, by: player('Ann') }))).toBe('pass-moved')
  })

  it('done twice is no change, and the same answer', async () => {
    const again = await when([...past, anonymized('Ann', 2)], 'anonymizePlayer', anonymize)
    expect(again).toMatchObject({ events: [], answer: { firstName: 'Player', lastName: '2' } })
  })

  it('takes out an account that was linked afterwards', async () => {
    const relinked = [...past, anonymized('Ann', 2), linked('Ann')]
    expect(await when(relinked, 'anonymizePlayer', anonymize)).toMatchObject({
      events: [{ type: 'player-anonymized' }],
      releases: [`account:${accountIdOf('Ann')}:${tournamentId}`],
    })
  })

  it('finds another number when somebody is really called so', async () => {
    const called = [
      created({ limit: 3 }),
      joined('Ben'),
      joined('Ann'),
      {
        type: 'player-joined' as const,
        data: { playerId: playerId('Cleo'), firstName: 'Player', lastName: '2' },
      },
    ]
    expect(await when(called, 'anonymizePlayer', anonymize)).toMatchObject({
      answer: { firstName: 'Player', lastName: '2 2' },
    })
  })

  it('works after the draw and in the archive, and the proof still holds, under the new name', async () => {
    const picks = [
      ['Ben', 'Bayern'],
      ['Ann', 'PSG'],
    ] as const
    const done = [...past, picked('Ben', 'Bayern'), picked('Ann', 'PSG'), drawn(picks)]
    for (const later of [
      done,
      [...done, archived],
      [...done, voided(), drawn(picks, { attempt: 2, contributed: false })],
    ]) {
      const decision = await when(later, 'anonymizePlayer', anonymize)
      expect(decision).toMatchObject({ events: [{ data: nobody }] })
      const proof = drawProof(stateAfter([...later, anonymized('Ann', 2)]), undefined)
      expect(verifyProof(proof)).toMatchObject({ ok: true })
      expect(JSON.stringify(proof)).not.toContain('Ann')
      expect(proof).toMatchObject({ entrants: [{ name: 'Ben S.' }, { name: 'Player 2' }] })
    }
  })

  it('names the first rule that is broken', async () => {
    expect(await codeOf(when([], 'anonymizePlayer', anonymize))).toBe('not-found')
    expect(await codeOf(when([created()], 'anonymizePlayer', anonymize))).toBe('not-a-player')
  })
})
