import { operationList } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { outboxOf } from '../support/accounts.ts'
import { type Databases, openBuiltInDatabases } from '../support/databases.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { buildWorld, type World, worldSettings } from '../support/world.ts'
import { meant } from './expected.ts'
import { strangersTo, tryRefusals, trySuccesses, untilQuiet } from './matrix.ts'

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

describe('who may what', () => {
  let cells = 0

  it('is written down for every operation', () => {
    expect(strangersTo(meant, names)).toEqual([])
  })

  it.each(names)('%s: nobody else, and nothing is changed', async (name) => {
    const trial = await tryRefusals(name, meant[name], { world, databases })
    cells += trial.cells
    if (trial.deviations.length > 0) expect.fail(`\n${trial.deviations.join('\n')}`)
  })

  it.each(names)('%s: whoever may', async (name) => {
    const trial = await trySuccesses(name, meant[name], { world, databases })
    cells += trial.cells
    if (trial.deviations.length > 0) expect.fail(`\n${trial.deviations.join('\n')}`)
  })

  it('is more than a thousand cells', () => {
    console.log(`${cells} cells`)
    expect(cells).toBeGreaterThan(1_000)
  })
})
