import { describe, expect, it } from 'vitest'
import type { TournamentEvent } from '../domain/event.ts'
import {
  archived,
  created,
  declined,
  drawn,
  joined,
  joiningSet,
  nameKeyOf,
  picked,
  requested,
} from '../testing/past.ts'
import { accountIdOf, accountOf, organizer, player, playerId, tournamentId } from '../testing/people.ts'
import { codeOf, stateAfter, when } from '../testing/when.ts'

const cleo = playerId('Cleo')
const private_ = created({ limit: 2, details: { visibility: 'private' } })
const past = [private_, joined('Ann'), requested('Cleo', { hasAccount: true })]
const decide = (accepted: boolean, by = organizer) => ({ input: { playerId: cleo, accepted }, by })
const outcome = (after: readonly TournamentEvent[], accepted = true) =>
  codeOf(when(after, 'decideEntryRequest', decide(accepted)))

describe('letting somebody in', () => {
  it('gives him the lowest free seat, under the id and name that he has', async () => {
    const decision = await when(past, 'decideEntryRequest', decide(true))
    expect(decision).toMatchObject({
      events: [
        {
          type: 'player-joined',
          data: {
            playerId: cleo,
            firstName: 'Cleo',
            lastName: 'S.',
            nameKey: nameKeyOf('Cleo', 'Smith'),
            account: accountOf('Cleo').mark,
          },
        },
      ],
      takes: ['seat:2'],
    })
    expect(decision).not.toHaveProperty('basis', 'fence')
    expect(stateAfter([...past, joined('Cleo')])).toMatchObject({ requests: [], players: [{}, { id: cleo }] })
  })

  it('may be done when joining is closed to all others', async () => {
    expect(await outcome([...past, joiningSet(false)])).toBe('accepted')
  })

  it('or declining leaves nothing of him behind', async () => {
    expect(await when(past, 'decideEntryRequest', decide(false))).toMatchObject({
      events: [{ type: 'entry-declined', data: { playerId: cleo } }],
      redactions: [{ version: 3, data: { playerId: cleo, firstName: 'Player', lastName: '' } }],
      forgottenSecrets: [`name:${cleo}`, `account:${cleo}`],
      releases: [`account:${accountIdOf('Cleo')}:${tournamentId}`],
    })
  })

  it('is the organiser’s to decide', async () => {
    const itself = decide(true, player('Cleo'))
    expect(await codeOf(when(past, 'decideEntryRequest', itself))).toBe('not-found')
    const inside = decide(true, player('Ann'))
    expect(await codeOf(when(past, 'decideEntryRequest', inside))).toBe('not-allowed')
  })

  it('names the first rule that is broken', async () => {
    const full = [private_, joined('Ann'), joined('Ben'), requested('Cleo')]
    const picks = [picked('Ann', 'PSG'), picked('Ben', 'Bayern')]
    const done = [
      ...full,
      ...picks,
      drawn([
        ['Ann', 'PSG'],
        ['Ben', 'Bayern'],
      ]),
    ]
    expect(await outcome([])).toBe('not-found')
    expect(await outcome([...done, archived])).toBe('tournament-archived')
    expect(await outcome(done)).toBe('already-drawn')
    expect(await outcome([...past, declined('Cleo')])).toBe('already-decided')
    expect(await outcome([...past, joined('Cleo')], false)).toBe('already-decided')
    expect(await outcome(full)).toBe('tournament-full')
    expect(await outcome(full, false)).toBe('accepted')
  })
})
