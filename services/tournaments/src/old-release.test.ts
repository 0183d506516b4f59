import { verifyProof } from '@matchday/competition'
import type { Caller, PlayerId, TournamentId } from '@matchday/contracts'
import type { JsonObject, RecordedEvent } from '@matchday/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import { claimsOfTournament } from './domain/claims.ts'
import { countingService } from './testing/counting-service.ts'
import { breaches } from './testing/history.ts'
import { fold, type ModelSystem, modelSystem } from './testing/model-system.ts'
import { anyone } from './testing/people.ts'
import left from './testing/stream-0.2.0.json' with { type: 'json' }

/** What release 0.2.0 has written: names whole, and nothing of organisations. Claims of players go at the upgrade. */
const id = left.stream as TournamentId
const events: readonly RecordedEvent[] = left.events.map((event) => ({ stream: id, ...event }))
const organizer: Caller = { kind: 'organizer', tournamentId: id }
const kept = left.claims.filter((claim) => /^(name|join-code):/.test(claim))
let system: ModelSystem

beforeEach(() => {
  system = modelSystem(countingService(500))
  system.load(id, events, kept)
})

async function bodyOf(reply: ReturnType<ModelSystem['send']>): Promise<JsonObject> {
  const told = await reply
  if (told.kind === 'rejected') throw new Error(told.code)
  return told.body ?? {}
}
const ask = (operation: 'getTournament' | 'getDrawProof') =>
  bodyOf(system.send({ operation, input: { id }, by: anyone }))
const playerCalled = (firstName: string) =>
  left.tournament.players.find((player) => player.firstName === firstName)?.id as PlayerId

describe('what an older release has left', () => {
  it('is shown as it was, with nothing said about what is new', async () => {
    expect(await ask('getTournament')).toEqual({
      ...left.tournament,
      ...{ organization: null, description: null, address: null, latitude: null, longitude: null },
      ...{ startsAt: null, endsAt: null, visibility: 'unlisted' },
    })
    expect(await ask('getDrawProof')).toEqual(left.proof)
    expect(breaches(events)).toEqual([])
  })

  it('holds the claims that it held, but those of players', () => {
    const state = fold(events)
    if (state.status === 'missing') throw new Error('it was created')
    expect(claimsOfTournament(state)).toEqual(expect.arrayContaining(kept))
    expect(kept).toHaveLength(claimsOfTournament(state).length)
  })

  it('can be freed, name and seat, and taken again under a key that tells nothing', async () => {
    await system.send({ operation: 'voidDraw', input: { id, reason: 'once more' }, by: organizer })
    await system.send({ operation: 'setJoining', input: { id, open: true }, by: organizer })
    const join = {
      operation: 'joinTournament' as const,
      input: { id, firstName: 'ADÁ', lastName: 'Smith' },
      by: anyone,
    }
    expect(await system.send(join)).toMatchObject({ code: 'player-exists' })
    const remove = {
      operation: 'removePlayer' as const,
      input: { id, playerId: playerCalled('Ada') },
      by: organizer,
    }
    expect(await system.send(remove)).toMatchObject({ kind: 'ok' })
    expect(JSON.stringify(system.claimsOf(id))).not.toContain('ada')
    expect(JSON.stringify(system.events(id).slice(0, events.length))).not.toContain('Ada')
    expect(await bodyOf(system.send(join))).toMatchObject({ firstName: 'ADÁ', lastName: 'S.' })
    expect(JSON.stringify(system.claimsOf(id))).not.toContain('ada')
  })

  it('can be forgotten: the name goes from events, claims and the proof, which still holds', async () => {
    const input = { id, playerId: playerCalled('Ada') }
    const shown = await bodyOf(system.send({ operation: 'anonymizePlayer', input, by: organizer }))
    expect(shown).toMatchObject({ firstName: 'Player', lastName: '1' })
    const kept = JSON.stringify([system.events(id), system.claimsOf(id), await ask('getTournament')])
    expect(kept).not.toMatch(/\bada\b/i)
    const proof = await ask('getDrawProof')
    expect(verifyProof(proof)).toMatchObject({ ok: true })
    expect(JSON.stringify(proof)).not.toContain('Ada')
    expect(JSON.stringify(left.proof)).toContain('Ada')
    expect(fold(system.originals(id))).toEqual(fold(system.events(id)))
  })
})
