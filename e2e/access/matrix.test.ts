import { allOperations, operationList } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { outboxOf } from '../support/accounts.ts'
import { ask, requestOf } from '../support/ask.ts'
import { must } from '../support/client.ts'
import { changedTables, type Databases, openBuiltInDatabases } from '../support/databases.ts'
import { startHttpProxy } from '../support/http-proxy.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { buildWorld, type World, worldSettings } from '../support/world.ts'
import { meant, meantOnSockets } from './expected.ts'
import { tryExtraKeys } from './extra-keys.ts'
import { strangersTo, tryRefusals, trySuccesses, untilQuiet } from './matrix.ts'
import { socketMessages, tryMessages } from './sockets.ts'
import type { Meant } from './words.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let matchday: Matchday
let databases: Databases
let world: World

beforeAll(async () => {
  matchday = await startMatchday({ dataDirectory: await temporaryFolder(), env: worldSettings })
  databases = await openBuiltInDatabases(matchday.dataDirectory)
  world = await buildWorld(matchday.url, outboxOf(matchday.url))
  await untilQuiet(databases)
})
afterAll(async () => {
  await databases.close()
  await matchday.stop()
  await removeFolder(matchday.dataDirectory)
})

const names = operationList.map(({ name }) => name)
let cells = 0

function expectNone(deviations: readonly string[]): void {
  if (deviations.length > 0) expect.fail(`\n${deviations.join('\n')}`)
}

describe('who may what', () => {
  it('is written down for every operation', () => {
    expect(strangersTo(meant, names)).toEqual([])
  })

  it.each(names)('%s: nobody else, and nothing is changed', async (name) => {
    const trial = await tryRefusals(name, meant[name], { world, databases })
    cells += trial.cells
    expectNone(trial.deviations)
  })
})

describe('keys that no contract names', () => {
  it.each(names)('%s: are refused, each', async (name) => {
    const before = await databases.figures()
    const { tried, deviations } = await tryExtraKeys(world, name)
    expectNone(deviations)
    expect(tried).toBeGreaterThan(10)
    expect(changedTables(before, await databases.figures())).toEqual([])
  })

  it('are what stands against it: without them it is done, and seen', async () => {
    const before = await databases.figures()
    const { organizations, tournaments, people } = world
    await must(world.url, 'createContact', {
      path: { organizationId: organizations.own.id },
      token: people.manager.accessToken,
      body: { tournamentId: tournaments.own.id, firstName: 'Cora', lastName: 'Contact' },
    })
    expect(changedTables(before, await databases.figures())).toContain('organizations.contacts')
  })

  it('are not believed in headers either', async () => {
    const { id } = world.people.owner
    const headers = { 'x-user-id': id, 'x-account-id': id, 'x-role': 'owner', 'x-forwarded-user': id }
    const request = requestOf(allOperations.getStaffProfile, { headers })
    expect((await ask(world.url, request)).code).toBe('not-authenticated')
  })
})

describe('who may what', () => {
  it.each(names)('%s: whoever may', async (name) => {
    const trial = await trySuccesses(name, meant[name], { world, databases })
    cells += trial.cells
    expectNone(trial.deviations)
  })

  it.each(socketMessages)('on sockets: %s', async (message) => {
    const trial = await tryMessages(world, message, meantOnSockets[message])
    cells += trial.cells
    expectNone(trial.deviations)
  })

  it('is more than a thousand cells', () => {
    console.log(`${cells} cells`)
    expect(cells).toBeGreaterThan(1_000)
  })
})

describe('what is wrong is found:', () => {
  it('an operation that the table does not know, and one that only the table knows', () => {
    const { getSeat: _left, ...rest } = meant
    expect(strangersTo({ ...rest, getSecrets: {} }, names)).toEqual([
      'getSeat: not in the table',
      'getSecrets: in no contract',
    ])
  })

  it('an expectation that is not so', async () => {
    const planted: Meant = { ...meant.getContact, exceptions: [['support', 'own', 'not-found']] }
    const { deviations } = await tryRefusals('getContact', planted, { world, databases })
    expect(deviations).toEqual([
      expect.stringContaining('getContact · support · own: expected not-found, was told ok'),
    ])
  })

  it('a policy that is another one', async () => {
    const planted: Meant = { ...meant.listApiKeys, policy: 'manager' }
    const { deviations } = await tryRefusals('listApiKeys', planted, { world, databases })
    expect(deviations).toContain('listApiKeys: its policy is owner, not manager')
    expect(deviations.some((line) => line.includes('· manager · own: expected ok'))).toBe(false)
  })

  it('a route that lets in whoever comes', async () => {
    const owner = `Bearer ${world.people.owner.accessToken}`
    const careless = await startHttpProxy(world.url, (passing) => {
      const isOpen = passing.method === 'DELETE' && passing.path.includes('/contacts/')
      return isOpen ? { ...passing, headers: { ...passing.headers, authorization: owner } } : passing
    })
    const stage = { world, databases, url: careless.url }
    try {
      const { deviations } = await tryRefusals('deleteContact', meant.deleteContact, stage)
      expect(
        deviations.some((line) => line.endsWith('· own: expected not-authenticated, was told ok ')),
      ).toBe(true)
      expect(deviations.at(-1)).toContain('refused, and yet changed: ')
      expect(deviations.at(-1)).toContain('organizations.contacts')
    } finally {
      await careless.close()
    }
  })

  it('a socket that hears what is not for it', async () => {
    const { subscribe } = meantOnSockets
    const exceptions = [...subscribe.exceptions, ['guest', 'private', 'not-found']] as const
    const planted: Meant = { ...subscribe, exceptions }
    const { deviations } = await tryMessages(world, 'subscribe', planted)
    expect(deviations).toEqual(['subscribe · guest · private: expected not-found, was told ok'])
  })
})
