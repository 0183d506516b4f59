import { type Caller, newId, type PlayerId, type TournamentId } from '@matchday/contracts'
import type { EmbeddedPostgres, JsonObject, Reply } from '@matchday/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountIn } from './account-mark.ts'
import { defineTournaments } from './service.ts'
import { breaches } from './testing/history.ts'
import { fold } from './testing/model-system.ts'
import { staff } from './testing/people.ts'
import {
  bodyOf,
  createTournament,
  type RealInstances,
  type RealRequest,
  startInstances,
  startServer,
} from './testing/real-instances.ts'
import { passOf, testPasses } from './testing/test-passes.ts'
import { withoutClaims } from './testing/without-claims.ts'

/** Two instances on one real database, and people who want the same, or the opposite, at the same time. */
const anyone = { kind: 'anyone' } as const satisfies Caller
const service = () => defineTournaments(testPasses)
const duels = 20

let server: EmbeddedPostgres
let stopServer: () => Promise<void>
let instances: RealInstances

beforeAll(async () => {
  ;({ server, stop: stopServer } = await startServer())
  instances = await startInstances(server, 'races_of_people', [service(), service()])
})
afterAll(async () => {
  await instances?.stop()
  await stopServer?.()
})

const codeOf = (reply: Reply) => (reply.kind === 'ok' ? 'ok' : reply.code)

/** Each from an instance of its own, at the same time; what came of it, in the order of the alphabet. */
async function atOnce(at: RealInstances, ...requests: readonly RealRequest[]): Promise<readonly string[]> {
  const replies = await Promise.all(requests.map((request, number) => at.send(number, request)))
  return replies.map(codeOf).sort()
}

const create = (at: RealInstances, input: JsonObject = {}) => createTournament(at, { limit: 4, ...input })

const account = (): Caller & { kind: 'player-account' } => ({
  kind: 'player-account',
  accountId: newId(),
  sessionId: newId(),
})
const joining = (id: TournamentId, firstName: string, by: Caller = anyone): RealRequest => ({
  operation: 'joinTournament',
  input: { id, firstName, lastName: 'Smith' },
  by,
})
const asOrganizer = (
  operation: RealRequest['operation'],
  id: TournamentId,
  input: JsonObject,
): RealRequest => ({
  operation,
  input: { id, ...input },
  by: { kind: 'organizer', tournamentId: id },
})
const deciding = (id: TournamentId, playerId: PlayerId, accepted = true) =>
  asOrganizer('decideEntryRequest', id, { playerId, accepted })

async function joined(at: RealInstances, id: TournamentId, firstName: string) {
  return testPasses.verifyPass(String(bodyOf(await at.send(0, joining(id, firstName))).playerToken))
}
const linking = (pass: Caller & { kind: 'player' }, by: Caller): RealRequest => ({
  operation: 'linkSeat',
  input: { id: pass.tournamentId, playerToken: passOf(pass) },
  by,
})

async function expectSound(id: TournamentId): Promise<void> {
  expect(breaches(await instances.events(id))).toEqual([])
}

/** The same duel many times over; each is alone with its tournament. */
async function each(duel: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: duels }, duel))
}

describe('exactly one wins', () => {
  it('the last seat, when two are let in', () =>
    each(async () => {
      const id = await create(instances, { limit: 2, visibility: 'private' })
      const [ann, ben, cleo] = [
        await joined(instances, id, 'Ann'),
        await joined(instances, id, 'Ben'),
        await joined(instances, id, 'Cleo'),
      ]
      bodyOf(await instances.send(0, deciding(id, ann.playerId)))
      const outcomes = await atOnce(instances, deciding(id, ben.playerId), deciding(id, cleo.playerId))
      expect(outcomes).toEqual(['ok', 'tournament-full'])
      await expectSound(id)
    }))

  it('one request, which one lets in and the other declines', () =>
    each(async () => {
      const id = await create(instances, { visibility: 'private' })
      const { playerId } = await joined(instances, id, 'Ann')
      const outcomes = await atOnce(instances, deciding(id, playerId), deciding(id, playerId, false))
      expect(outcomes).toEqual(['already-decided', 'ok'])
      await expectSound(id)
    }))

  it('one name, when two ask to be let in with it', () =>
    each(async () => {
      const id = await create(instances, { visibility: 'private' })
      const outcomes = await atOnce(instances, joining(id, 'Ann'), joining(id, 'ÁNN'))
      expect(outcomes).toEqual(['ok', 'player-exists'])
      await expectSound(id)
    }))

  it('one seat, which two accounts are to keep', () =>
    each(async () => {
      const pass = await joined(instances, await create(instances), 'Ann')
      const outcomes = await atOnce(instances, linking(pass, account()), linking(pass, account()))
      expect(outcomes).toEqual(['ok', 'seat-linked'])
      await expectSound(pass.tournamentId)
    }))

  it('one account, which is to keep two seats', () =>
    each(async () => {
      const id = await create(instances)
      const [ann, ben] = [await joined(instances, id, 'Ann'), await joined(instances, id, 'Ben')]
      const by = account()
      expect(await atOnce(instances, linking(ann, by), linking(ben, by))).toEqual(['ok', 'player-exists'])
      await expectSound(id)
    }))

  it('one account, which joins under two names', () =>
    each(async () => {
      const id = await create(instances)
      const by = account()
      const outcomes = await atOnce(instances, joining(id, 'Ann', by), joining(id, 'Ben', by))
      expect(outcomes).toEqual(['ok', 'player-exists'])
      await expectSound(id)
    }))

  it('one tournament, which two organisations take', () =>
    each(async () => {
      const id = await create(instances)
      const claims = [0, 1].map((): RealRequest => {
        const [organizationId, manager] = [newId<'organization'>(), newId<'staff'>()]
        instances.organizations.add(organizationId, { [manager]: 'manager' })
        const organizerToken = passOf({ kind: 'organizer', tournamentId: id })
        return {
          operation: 'claimTournament',
          input: { id, organizationId, organizerToken },
          by: staff(manager),
        }
      })
      const outcomes = await atOnce(instances, ...claims)
      // Who comes second may only learn that what he knew of the owner is out of date, and asks again.
      expect(['already-claimed', 'unavailable']).toContain(outcomes.find((outcome) => outcome !== 'ok'))
      expect((await instances.events(id)).filter(({ type }) => type === 'tournament-claimed')).toHaveLength(1)
      await expectSound(id)
    }))
})

describe('one who looks like another', () => {
  it('is told apart, even when both come at the same moment', () =>
    each(async () => {
      const id = await create(instances)
      const named = (lastName: string): RealRequest => ({
        operation: 'joinTournament',
        input: { id, firstName: 'Ann', lastName },
        by: anyone,
      })
      expect(await atOnce(instances, named('Smith'), named('Sand'))).toEqual(['ok', 'ok'])
      const names = (await instances.events(id))
        .slice(1)
        .map(({ data }) => `${data.firstName} ${data.lastName}`)
      expect(names).toEqual(['Ann S.', 'Ann S. 2'])
    }))
})

describe('becoming private', () => {
  it('lets nobody in who was not asked for, whoever comes at the same moment', () =>
    each(async () => {
      const id = await create(instances)
      const private_ = asOrganizer('changeDetails', id, { visibility: 'private' })
      const outcomes = await atOnce(instances, joining(id, 'Ann'), private_, joining(id, 'Ben'))
      expect(outcomes).toEqual(['ok', 'ok', 'ok'])
      await expectSound(id)
    }))
})

/**
 * An account joins at an instance that has not heard yet that it was linked to a seat at another: nothing but the claim
 * decides.
 */
describe('an account that was linked elsewhere', () => {
  async function seatsOfOneAccount(at: RealInstances): Promise<readonly number[]> {
    return Promise.all(
      Array.from({ length: duels }, async () => {
        const id = await create(at)
        const ann = await joined(at, id, 'Ann')
        const by = account()
        bodyOf(await at.send(1, linking(ann, by)))
        await at.send(0, joining(id, 'Ben', by))
        const state = fold(await at.events(id))
        const { mark } = accountIn(id, by.accountId)
        return state.status === 'missing'
          ? 0
          : state.players.filter((player) => player.account === mark).length
      }),
    )
  }

  it('keeps its one seat', async () => {
    expect(new Set(await seatsOfOneAccount(instances))).toEqual(new Set([1]))
  })

  it('has two when the instances claim nothing', async () => {
    const both = [withoutClaims(service()), withoutClaims(service())]
    const careless = await startInstances(server, 'careless_people', both)
    expect(await seatsOfOneAccount(careless)).toContain(2)
    await careless.stop()
  })
})

describe('a name that is forgotten', () => {
  const canary = { firstName: 'Canaryfirst', lastName: 'Canarylast' }
  const places = {
    events: 'select string_agg(to_json(events)::text, chr(10)) as kept from events where stream = $1',
    secrets: 'select string_agg(value, chr(10)) as kept from secrets where stream = $1',
    claims: 'select string_agg(key, chr(10)) as kept from claims where stream = $1',
    answers: 'select string_agg(answer::text, chr(10)) as kept from answers where stream = $1',
    snapshots: 'select string_agg(state::text, chr(10)) as kept from snapshots where stream = $1',
  }

  /** Where a word is still found. */
  async function placesOf(id: TournamentId, words: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
      Object.entries(places).map(async ([place, statement]) => {
        const [row] = await instances.rows<{ kept: string | null }>(statement, [id])
        return words.some((word) => row?.kept?.includes(word)) ? [place] : []
      }),
    )
    return found.flat()
  }

  /** Enough happens for a snapshot. */
  async function seasoned(id: TournamentId): Promise<void> {
    for (let turn = 0; turn < 104; turn++) {
      bodyOf(await instances.send(0, asOrganizer('setJoining', id, { open: turn % 2 === 1 })))
    }
  }

  it.each(['anonymizePlayer', 'removePlayer', 'forgetPlayer'] as const)(
    'by %s is nowhere, whichever instance has known it',
    async (operation) => {
      const id = await create(instances, { visibility: 'unlisted' })
      const by = account()
      const input = { id, ...canary, showsFullName: operation === 'removePlayer' }
      const reply = await instances.send(1, { operation: 'joinTournament', input, by })
      const { playerId } = testPasses.verifyPass(String(bodyOf(reply).playerToken))
      await seasoned(id)
      const words = [canary.firstName, canary.lastName, by.accountId]
      // Else this would find nothing whatever is left.
      expect(await placesOf(id, words)).toEqual(
        expect.arrayContaining(['events', 'secrets', 'claims', 'snapshots']),
      )
      const request: RealRequest =
        operation === 'forgetPlayer'
          ? {
              operation,
              input: { id, accountId: by.accountId },
              by: { kind: 'service', service: 'tournaments' },
            }
          : asOrganizer(operation, id, { playerId })
      bodyOf(await instances.send(0, request))
      expect(await placesOf(id, words)).toEqual([])
      // What the other instance still remembers of it must not come back either.
      await seasoned(id)
      bodyOf(await instances.send(1, joining(id, 'Ben')))
      expect(await placesOf(id, words)).toEqual([])
      await expectSound(id)
    },
  )
})
