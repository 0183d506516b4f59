import { type Caller, type OperationName, type Policy, tournamentOperations } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { beforeAll, describe, expect, it } from 'vitest'
import { countingService } from './testing/counting-service.ts'
import { type ModelSystem, modelSystem } from './testing/model-system.ts'
import { numberedId, otherTournamentId } from './testing/people.ts'

/** Whom each policy lets through, written out once more. */
const lets: Record<Policy, readonly string[]> = {
  anyone: ['anyone', 'organizer', 'other organizer', 'player', 'other player', 'player elsewhere'],
  organizer: ['organizer'],
  player: ['player', 'other player'],
  self: ['player'],
  'organizer-or-self': ['organizer', 'player'],
}

// Each has what its operation's contract asks for.
const inputs: Partial<Record<OperationName, JsonObject>> = {
  createTournament: { name: 'Another', limit: 2 },
  renameTournament: {},
  findByJoinCode: { code: 'BCDFGH' },
  joinTournament: { firstName: 'Cleo', lastName: 'Smith' },
  pickTeam: { team: 'none' },
  highlightTeam: { team: null },
  setJoining: { open: true },
  voidDraw: { reason: 'x' },
}

describe.each(Object.values(tournamentOperations))('$name is for $policy', (operation) => {
  let system: ModelSystem
  let callers: Record<string, Caller>
  let input: JsonObject

  beforeAll(async () => {
    system = modelSystem(countingService())
    const by: Caller = { kind: 'anyone' }
    await system.send({ operation: 'createTournament', input: { name: 'Cup', limit: 2 }, by })
    const id = numberedId<'tournament'>(1)
    const joining = { id, firstName: 'Ann', lastName: 'Smith' }
    const joined = await system.send({ operation: 'joinTournament', input: joining, by })
    const playerId = system.events(id)[1]?.data.playerId
    expect(joined.kind).toBe('ok')
    const ann = { tournamentId: id, playerId: numberedId<'player'>(4), pass: 1 }
    expect(playerId).toBe(ann.playerId)
    input = { id, playerId: ann.playerId, ...inputs[operation.name] }
    callers = {
      anyone: by,
      organizer: { kind: 'organizer', tournamentId: id },
      'other organizer': { kind: 'organizer', tournamentId: otherTournamentId },
      player: { kind: 'player', ...ann },
      'other player': { kind: 'player', ...ann, playerId: numberedId(99) },
      'player elsewhere': { kind: 'player', ...ann, tournamentId: otherTournamentId },
    }
  })

  it.each(lets.anyone)('%s', async (who) => {
    const by = callers[who]
    if (by === undefined) throw new Error(`no caller ${who}`)
    const reply = await system.send({ operation: operation.name, input, by })
    const refused = reply.kind === 'rejected' && reply.code === 'not-allowed'
    expect(refused).toBe(!lets[operation.policy].includes(who))
  })
})
