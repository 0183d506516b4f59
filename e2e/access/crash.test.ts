import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { realmOperations, signIn } from '../support/accounts.ts'
import { call, must } from '../support/client.ts'
import { atOnce } from '../support/histories.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { type Found, missing, PeopleLoad, type Person } from '../support/people-load.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 })

const kills = 5
const writers = 8
const loadMsMin = 1_500
const loadMsMore = 500

let matchday: Matchday
let dataDirectory = ''
const load = new PeopleLoad()
const foundOf = new Map<Person, Found>()

async function start(): Promise<void> {
  matchday = await startMatchday({
    dataDirectory,
    env: { MATCHDAY_REGISTRATION: 'open' },
  })
  load.up(matchday.url)
}

beforeAll(async () => {
  dataDirectory = await temporaryFolder()
  await start()
  load.start(writers)
  for (let killed = 0; killed < kills; killed++) {
    const before = load.acknowledged
    while (load.acknowledged === before && load.refusals.length === 0) await sleep(5)
    await sleep(loadMsMin + Math.random() * loadMsMore)
    await matchday.kill()
    await start()
  }
  await load.stop()
  await atOnce(
    writers,
    load.people.map((person) => async () => void foundOf.set(person, await foundAtLast(person))),
  )
  console.log(
    `${kills} kills: ${load.acknowledged} acknowledged, of ${load.people.length} people; ` +
      `${load.unknown} outcomes unknown at first`,
  )
})
afterAll(async () => {
  await matchday.stop()
  await removeFolder(dataDirectory)
})

const lookedForMs = 20_000

/** Lists follow what is written a moment later. */
async function foundAtLast(person: Person): Promise<Found> {
  const startedAt = performance.now()
  for (;;) {
    const found = await lookFor(person)
    const isLate = performance.now() - startedAt > lookedForMs
    if (isLate || missing(person, found).length === 0) return found
    await sleep(50)
  }
}

/** With the token that was given before the kills, or a while before the last. */
async function lookFor({ account, organizationId }: Person): Promise<Found> {
  const { url } = matchday
  const { accessToken: token, realm } = account
  const profile = await call(url, realmOperations[realm].getProfile, { token })
  const isSignedIn = profile.status === 200 && profile.body.email === account.email
  if (realm === 'players') {
    const { body } = await must(url, 'listMySeats', { token, query: { limit: 100 } })
    return {
      isSignedIn,
      organizationName: null,
      tournaments: body.items.map(({ tournamentId }) => tournamentId),
    }
  }
  if (organizationId === null) return { isSignedIn, organizationName: null, tournaments: [] }
  const path = { organizationId }
  const organization = await must(url, 'getOrganization', { path, token })
  const list = await must(url, 'listOrganizationTournaments', { path, token, query: { limit: 100 } })
  return {
    isSignedIn,
    organizationName: organization.body.name,
    tournaments: list.body.items.map(({ id }) => id),
  }
}

describe('kill -9 while people sign up, found organisations and join', () => {
  it('happened while that was under way', () => {
    expect(load.people.length).toBeGreaterThan(2 * kills)
    expect(load.acknowledged).toBeGreaterThan(10 * kills)
    expect(load.unknown).toBeGreaterThan(kills)
  })

  it('loses nothing that was acknowledged, does nothing twice, and refuses nobody his own request', () => {
    expect(load.refusals).toEqual([])
    expect([...foundOf].flatMap(([person, found]) => missing(person, found))).toEqual([])
    expect(foundOf.size).toBe(load.people.length)
  })

  it('leaves passwords and renewals good', async () => {
    const { url } = matchday
    for (const { account } of load.people.slice(0, 6)) {
      const { renewSession } = realmOperations[account.realm]
      await must(url, renewSession, { body: { refreshToken: account.refreshToken } })
      await signIn(url, account)
    }
  })

  it('would have been found out', () => {
    const [person, found] = [...foundOf].find(([{ tournaments }]) => tournaments.length > 1)!
    const [lost, ...others] = found.tournaments
    expect(missing(person, { ...found, tournaments: others })).toEqual([
      expect.stringContaining(`lost ${lost}`),
    ])
    expect(missing(person, { ...found, tournaments: [...found.tournaments, lost!] })).toHaveLength(1)
    expect(missing(person, { ...found, isSignedIn: false })).toHaveLength(1)
    expect(missing(person, { ...found, organizationName: 'Another' })).toHaveLength(1)
  })
})
