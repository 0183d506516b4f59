import type { OperationName } from '@matchday/contracts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Account, firstAccount, signedIn } from '../support/accounts.ts'
import { type Call, call, must, tournamentWith } from '../support/client.ts'
import { liveClient } from '../support/live.ts'
import { registerOrganization } from '../support/organizations.ts'
import {
  type Role,
  readinessOf,
  Surroundings,
  untilAccountsAreKnown,
  untilReady,
} from '../support/processes.ts'

const all = new Surroundings()
const testMs = 90_000
/** Whoever needs somebody who is away is told at the deadline of his request, 10 s; and a busy machine. */
const toldMsMax = 13_000

beforeAll(() => all.start())
afterEach(async () => {
  expect(all.output()).not.toMatch(/canary/)
  await all.killAll()
  await all.freshDatabase()
})
afterAll(() => all.dispose())

type World = {
  readonly gateway: Role
  readonly identity: Role
  readonly organizations: Role
  readonly staff: Account
  readonly organizationId: string
  /** Of the organisation. */
  readonly tournament: string
}

/** All four roles, somebody who is signed in, his organisation and its tournament. */
async function startWorld(): Promise<World> {
  expect(await all.run(['migrate'])).toMatchObject({ code: 0 })
  const [gateway, identity, organizations, tournaments] = await Promise.all([
    all.launch('gateway'),
    all.launch('identity'),
    all.launch('organizations'),
    all.launch('tournaments'),
  ])
  await untilReady(gateway, identity, organizations, tournaments)
  await untilAccountsAreKnown(gateway)
  const { url } = gateway
  const staff = await firstAccount(url, (await identity.printed(/setup#\S+/)).input ?? '')
  const organizationId = await registerOrganization(url, staff.accessToken)
  const body = { name: 'Cup of the club', limit: 4, organizationId }
  const made = await must(url, 'createTournament', { token: staff.accessToken, body })
  return { gateway, identity, organizations, staff, organizationId, tournament: made.body.id }
}

/** A guest's evening: nobody's account, nobody's organisation. */
async function playAsGuests(url: string): Promise<void> {
  const made = await tournamentWith(url, 2)
  const spectator = liveClient(url)
  await spectator.watch(made.id)
  await must(url, 'setJoining', { path: { id: made.id }, token: made.organizer, body: { open: false } })
  await spectator.told.until((told) => told.some(({ what }) => what === 'publication'))
  spectator.stop()
}

/** Where nobody takes it, or where it was taken, and whoever would answer is gone. */
const passing = ['503 unavailable', '504 timed-out']

async function toldToComeBack(url: string, name: OperationName, what: Call): Promise<void> {
  const startedAt = performance.now()
  const { status, problem, headers } = await call(url, name, what)
  expect(passing, name).toContain(`${status} ${problem.code}`)
  expect(headers.get('retry-after')).not.toBeNull()
  expect(performance.now() - startedAt).toBeLessThan(toldMsMax)
}

/** What somebody who is signed in does again and again. */
class SignedIn {
  answered = 0
  readonly failures: string[] = []
  #isStopped = false
  readonly #running: Promise<void>

  constructor({ gateway: { url }, staff: { accessToken: token }, organizationId, tournament }: World) {
    const turn = async (open: boolean) => {
      await must(url, 'getOrganization', { path: { organizationId }, token })
      await must(url, 'setJoining', { path: { id: tournament }, token, body: { open } })
      await must(url, 'listMyOrganizations', { token })
      this.answered++
    }
    const run = async () => {
      for (let open = false; !this.#isStopped; open = !open)
        await turn(open).catch((error: Error) => this.failures.push(error.message))
    }
    this.#running = run()
  }

  async untilMore(): Promise<void> {
    const before = this.answered
    await expect.poll(() => this.answered, { timeout: 20_000 }).toBeGreaterThan(before + 3)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }
}

describe('identity', () => {
  it(
    'that is killed and started again does not trouble anybody who is signed in',
    async () => {
      const world = await startWorld()
      const { gateway, identity, staff } = world
      const { url } = gateway
      const somebody = new SignedIn(world)
      await somebody.untilMore()
      await identity.stop('SIGKILL')
      await somebody.untilMore()
      await toldToComeBack(url, 'getStaffSignIn', {})
      await playAsGuests(url)
      expect((await readinessOf(gateway)).ready).toBe(true)
      await somebody.untilMore()

      const back = await all.launch('identity')
      await untilReady(back)
      await somebody.untilMore()
      const again = await signedIn(url, 'staff', staff)
      await must(url, 'getStaffProfile', { token: again.accessToken })
      // What was given before is renewed as well.
      const renewal = { body: { refreshToken: staff.refreshToken } }
      const { body: renewed } = await must(url, 'renewStaffSession', renewal)
      await must(url, 'getStaffProfile', { token: renewed.accessToken ?? '' })
      await somebody.stop()
      console.log(`${somebody.answered} turns of somebody who is signed in, over the restart of identity`)
      expect(somebody.failures).toEqual([])
    },
    testMs,
  )

  it(
    'that is away: a gateway that comes meanwhile serves guests, and says what it lacks',
    async () => {
      const world = await startWorld()
      const { identity, staff, organizationId } = world
      await identity.stop('SIGKILL')
      const other = await all.launch('gateway')
      await untilReady(other)
      const { ready, parts } = await readinessOf(other)
      expect(ready).toBe(true)
      const lacks = parts.flatMap(({ name, detail }) => (detail === undefined ? [] : [`${name}: ${detail}`]))
      expect(lacks).toEqual([
        expect.stringMatching(/^accounts of organisers’ people: can’t be used yet: identity-staff /),
        expect.stringMatching(/^accounts of players: can’t be used yet: identity-players /),
      ])
      await playAsGuests(other.url)
      // Whether his session has ended isn't known there, so nobody is let in by it, and nobody is refused.
      await toldToComeBack(other.url, 'getOrganization', {
        path: { organizationId },
        token: staff.accessToken,
      })
      const back = await all.launch('identity')
      await untilReady(back)
      await untilAccountsAreKnown(other)
      await must(other.url, 'getOrganization', { path: { organizationId }, token: staff.accessToken })
    },
    testMs,
  )
})

describe('organizations', () => {
  it(
    'that is away: what needs a role there is told so, and nothing is done on a guess',
    async () => {
      const world = await startWorld()
      const { gateway, organizations, staff, organizationId, tournament } = world
      const { url } = gateway
      const { accessToken: token } = staff
      await organizations.stop('SIGKILL')
      const closed = { path: { id: tournament }, token, body: { open: false } }
      await toldToComeBack(url, 'setJoining', closed)
      await toldToComeBack(url, 'createTournament', {
        token,
        body: { name: 'No', limit: 4, organizationId },
      })
      await playAsGuests(url)
      await must(url, 'getStaffProfile', { token })
      const { body: seen } = await must(url, 'getTournament', { path: { id: tournament } })
      expect(seen.joining).toBe(true)

      const back = await all.launch('organizations')
      await untilReady(back)
      await must(url, 'setJoining', closed)
      expect((await must(url, 'getOrganization', { path: { organizationId }, token })).status).toBe(200)
    },
    testMs,
  )
})

describe('gateway and tournaments alone', () => {
  it(
    'are all that guests need, from the first moment',
    async () => {
      expect(await all.run(['migrate'])).toMatchObject({ code: 0 })
      const [gateway, tournaments] = await Promise.all([all.launch('gateway'), all.launch('tournaments')])
      await untilReady(gateway, tournaments)
      await playAsGuests(gateway.url)
      for (const role of [gateway, tournaments]) expect((await fetch(`${role.url}/readyz`)).status).toBe(200)
      const lacking = async () =>
        (await readinessOf(tournaments)).parts.flatMap(({ detail }) => detail ?? []).join()
      await expect.poll(lacking, { timeout: 10_000 }).toMatch(/organizations|identity/)
      // It warns that it can't ask identity; that is no error of its own.
      expect(gateway.output()).not.toMatch(/"level":50/)
      await toldToComeBack(gateway.url, 'getStaffSignIn', {})
      await toldToComeBack(gateway.url, 'signInPlayer', { body: { email: 'a@cup.example', password: 'x' } })
    },
    testMs,
  )
})
