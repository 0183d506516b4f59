import { type Caller, newId, type TournamentId } from '@matchday/contracts'
import type { EmbeddedPostgres, JsonObject, Reply } from '@matchday/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimsOfTournament } from './domain/claims.ts'
import { defineTournaments } from './service.ts'
import { breaches } from './testing/history.ts'
import { fold } from './testing/model-system.ts'
import {
  bodyOf,
  createTournament,
  type RealInstances,
  startInstances,
  startServer,
} from './testing/real-instances.ts'
import { testPasses } from './testing/test-passes.ts'
import { withoutClaims } from './testing/without-claims.ts'

/** Two instances on one real database, and many who want the same at the same time. */
const anyone: Caller = { kind: 'anyone' }
const service = () => defineTournaments(testPasses)

let server: EmbeddedPostgres
let stopServer: () => Promise<void>
let instances: RealInstances

beforeAll(async () => {
  ;({ server, stop: stopServer } = await startServer())
  instances = await startInstances(server, 'races', [service(), service()])
})
afterAll(async () => {
  await instances?.stop()
  await stopServer?.()
})

/** How often each outcome came: `ok` or the code. */
function tally(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const reply of replies) {
    const outcome = reply.kind === 'ok' ? 'ok' : reply.code
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

const create = (at: RealInstances, input: JsonObject = {}) => createTournament(at, { limit: 10, ...input })

const join = (at: RealInstances, number: number, id: TournamentId, firstName: string) =>
  at.send(number, {
    operation: 'joinTournament',
    input: { id, firstName, lastName: 'Smith' },
    by: anyone,
  })

async function joinAll(at: RealInstances, id: TournamentId, count: number): Promise<Caller[]> {
  const joins = Array.from({ length: count }, (_, index) => join(at, index, id, `Player ${index}`))
  return (await Promise.all(joins)).map((reply) => testPasses.verifyPass(String(bodyOf(reply).playerToken)))
}

function pick(at: RealInstances, number: number, by: Caller, team: string): Promise<Reply> {
  if (by.kind !== 'player') throw new Error('only players pick')
  const input = { id: by.tournamentId, playerId: by.playerId, team }
  return at.send(number, { operation: 'pickTeam', input, by })
}

/** The history has no breach, and what is claimed is what the state says. */
async function expectSound(id: TournamentId): Promise<void> {
  const events = await instances.events(id)
  expect(breaches(events)).toEqual([])
  const state = fold(events)
  if (state.status === 'missing') throw new Error('it was created')
  for (const claim of claimsOfTournament(state)) {
    expect(await instances.holder(claim)).toBe(state.status === 'archived' ? null : id)
  }
}

describe('exactly one wins', () => {
  it('one team', async () => {
    const id = await create(instances)
    const players = await joinAll(instances, id, 10)
    const replies = await Promise.all(players.map((by, index) => pick(instances, index, by, 'PSG')))
    expect(tally(replies)).toEqual({ ok: 1, 'team-taken': 9 })
    await expectSound(id)
  })

  it('one pick of one player, in two tabs', async () => {
    const id = await create(instances)
    const [by] = await joinAll(instances, id, 1)
    const teams = ['PSG', 'Bayern', 'Chelsea', 'Juventus', 'Liverpool', 'Barcelona']
    const replies = await Promise.all(teams.map((team, index) => pick(instances, index, by!, team)))
    expect(tally(replies)).toEqual({ ok: 1, 'already-picked': 5 })
    await expectSound(id)
  })

  it('the last seats', async () => {
    const id = await create(instances, { limit: 7 })
    const joins = Array.from({ length: 30 }, (_, index) => join(instances, index, id, `Player ${index}`))
    expect(tally(await Promise.all(joins))).toEqual({ ok: 7, 'tournament-full': 23 })
    await expectSound(id)
  })

  it('one player', async () => {
    const id = await create(instances)
    const joins = Array.from({ length: 16 }, (_, index) => join(instances, index, id, 'Ann'))
    expect(tally(await Promise.all(joins))).toEqual({ ok: 1, 'player-exists': 15 })
    await expectSound(id)
  })

  it('one name', async () => {
    const input = { name: `League ${newId()}`, limit: 2 }
    const creates = Array.from({ length: 16 }, (_, index) =>
      instances.send(index, { operation: 'createTournament', input, by: anyone }),
    )
    expect(tally(await Promise.all(creates))).toEqual({ ok: 1, 'name-taken': 15 })
  })

  it('one draw, which everybody is told', async () => {
    const id = await create(instances, { limit: 4 })
    const players = await joinAll(instances, id, 4)
    const teams = ['PSG', 'Bayern', 'Chelsea', 'Juventus']
    await Promise.all(players.map((by, index) => pick(instances, index, by, teams[index]!)))
    const by: Caller = { kind: 'organizer', tournamentId: id }
    const draws = Array.from({ length: 12 }, (_, index) =>
      instances.send(index, { operation: 'drawTeams', input: { id }, by }),
    )
    const bodies = (await Promise.all(draws)).map(bodyOf)
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
    expect((await instances.events(id)).filter(({ type }) => type === 'teams-drawn')).toHaveLength(1)
    await expectSound(id)
  })

  it('one effect of one command that reaches both instances', async () => {
    const id = await create(instances)
    const commandId = newId()
    const request = {
      operation: 'joinTournament' as const,
      input: { id, firstName: 'Ann', lastName: 'Smith' },
      by: anyone,
      commandId,
    }
    const bodies = (await Promise.all([0, 1, 0, 1].map((at) => instances.send(at, request)))).map(bodyOf)
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
    expect(await instances.events(id)).toHaveLength(2)
  })

  it('one move of one pass', async () => {
    const id = await create(instances)
    const [by] = await joinAll(instances, id, 1)
    if (by?.kind !== 'player') throw new Error('a player')
    const input = { id, playerId: by.playerId }
    const moves = [0, 1, 0, 1].map((at) => instances.send(at, { operation: 'movePass', input, by }))
    expect(tally(await Promise.all(moves))).toEqual({ ok: 1, 'pass-moved': 3 })
  })
})

describe('what is freed and taken in one commit', () => {
  it('stays taken: a name that comes back', async () => {
    const name = `Final ${newId()}`
    const id = await create(instances, { name })
    const by: Caller = { kind: 'organizer', tournamentId: id }
    const rename = (to: string, expectedVersion: number) =>
      instances.send(0, {
        operation: 'renameTournament',
        input: { id, name: to },
        by,
        expectedVersion,
      })
    expect(tally(await Promise.all([rename(`Other ${name}`, 1), rename(name, 2)]))).toEqual({ ok: 2 })
    const another = await instances.send(1, {
      operation: 'createTournament',
      input: { name, limit: 2 },
      by: anyone,
    })
    expect(another).toMatchObject({ code: 'name-taken' })
    await expectSound(id)
  })

  it('can be taken at once by an instance that knows only that it was taken: a seat and a name', async () => {
    const id = await create(instances, { limit: 2 })
    const [ann] = await joinAll(instances, id, 2)
    if (ann?.kind !== 'player') throw new Error('a player')
    const input = { id, playerId: ann.playerId }
    bodyOf(await instances.send(0, { operation: 'removePlayer', input, by: ann }))
    expect(tally([await join(instances, 1, id, 'Player 0')])).toEqual({ ok: 1 })
    await expectSound(id)
  })
})

describe('everything at once', () => {
  it('leaves a history without a breach', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => create(instances, { limit: 5 })))
    await Promise.all(ids.map((id, index) => turmoil(instances, id, index)))
    expect(instances.faults()).toEqual([])
    for (const id of ids) await expectSound(id)
    const drawn = await Promise.all(ids.map((id) => instances.events(id)))
    expect(drawn.flat().some(({ type }) => type === 'teams-drawn')).toBe(true)
  })
})

/**
 * One against one, each alone at his instance: then nothing but the claim decides. (Of many who want the same
 * at one instance all but one are refused, and refusals are checked against the latest version.)
 */
describe('duels for a team', () => {
  async function duels(at: RealInstances, count: number): Promise<readonly Record<string, number>[]> {
    const ids = await Promise.all(Array.from({ length: count }, () => create(at)))
    return Promise.all(
      ids.map(async (id) => {
        const [ann, ben] = await joinAll(at, id, 2)
        return tally(await Promise.all([pick(at, 0, ann!, 'PSG'), pick(at, 1, ben!, 'PSG')]))
      }),
    )
  }

  it('have one winner each', async () => {
    const outcomes = await duels(instances, 40)
    expect(outcomes).toEqual(outcomes.map(() => ({ ok: 1, 'team-taken': 1 })))
  })

  it('have two when the instances claim nothing', async () => {
    const both = [withoutClaims(service()), withoutClaims(service())]
    const careless = await startInstances(server, 'careless', both)
    const outcomes = await duels(careless, 40)
    await careless.stop()
    expect(outcomes).toContainEqual({ ok: 2 })
  })
})

/**
 * Ten want five seats, pick what they like, leave, come again; the organiser closes, draws, voids, all at
 * once.
 */
async function turmoil(at: RealInstances, id: TournamentId, offset: number): Promise<void> {
  const organizer: Caller = { kind: 'organizer', tournamentId: id }
  const asOrganizer = (
    number: number,
    operation: 'drawTeams' | 'voidDraw' | 'setJoining',
    input: JsonObject,
  ) => at.send(number, { operation, input: { id, ...input }, by: organizer })
  const teams = ['PSG', 'Bayern', 'Chelsea', 'Juventus', 'Liverpool', 'Barcelona']
  const people = Array.from({ length: 10 }, async (_, index) => {
    for (let turn = 0; turn < 4; turn++) {
      const reply = await join(at, index + turn, id, `Player ${index}`)
      if (reply.kind !== 'ok') continue
      const by: Caller = testPasses.verifyPass(String(reply.body?.playerToken))
      await Promise.all([
        pick(at, turn, by, teams[(index + turn) % 6]!),
        pick(at, turn + 1, by, teams[(index + offset) % 6]!),
      ])
      if (by.kind === 'player' && (index + turn) % 3 === 0) {
        const input = { id, playerId: by.playerId }
        await at.send(index, { operation: 'removePlayer', input, by })
      }
    }
  })
  const host = async () => {
    for (let turn = 0; turn < 8; turn++) {
      await asOrganizer(turn, 'setJoining', { open: turn % 2 === 1 })
      await asOrganizer(turn + 1, 'drawTeams', {})
      await asOrganizer(turn, 'voidDraw', { reason: 'once more' })
    }
  }
  await Promise.all([...people, host()])
  // Whoever sits there without a pick goes, so that there is a draw in the end.
  await asOrganizer(0, 'setJoining', { open: false })
  const state = fold(await at.events(id))
  for (const player of state.status === 'missing' ? [] : state.players) {
    if (player.pick !== null) continue
    await at.send(0, {
      operation: 'removePlayer',
      input: { id, playerId: player.id },
      by: organizer,
    })
  }
  await asOrganizer(1, 'drawTeams', {})
}
