import { type Database, openTables, silentLog } from '@matchday/kernel'
import { createFakeClock, createTestDatabase, type FakeClock, type TestDatabase } from '@matchday/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { budgets as budgetTables } from '../migrations/budgets.ts'
import { deriveKeys } from '../tokens/derived-keys.ts'
import { budgetLimits } from './budget-limits.ts'
import { type Budgets, createBudgets, type Rows } from './budgets.ts'

const secret = 'a secret of tests, that is long enough'
const keys = deriveKeys(secret, 'staff')

describe('budgets', () => {
  let database: TestDatabase
  let tables: ReturnType<typeof openTables>
  let clock: FakeClock
  let budgets: Budgets
  let rows: Rows
  beforeAll(async () => {
    database = await createTestDatabase()
    tables = openOn(database.database)
    rows = tables.rows
    await tables.onClient((client) => client.query(budgetTables).then(() => undefined))
  })
  beforeEach(async () => {
    await rows('delete from budgets', [])
    clock = createFakeClock()
    budgets = createBudgets({ ...budgetLimits, busyMs: 200, busyStepMs: 10 }, keys, clock)
  })
  afterAll(async () => {
    await tables.close()
    await database.drop()
  })

  /** Tries a wrong password; `ok`, or for how long to wait. */
  async function fail(subject: string, address: string, at = budgets): Promise<'ok' | number> {
    const found = await at.beginTry(rows, subject, address)
    if (found.kind === 'refused') return found.retryAfterS
    await found.settle('wrong')
    return 'ok'
  }

  it('an account has ten failures, then it is slow', async () => {
    for (let guess = 0; guess < 10; guess++) expect(await fail('a', `address ${guess % 3}`)).toBe('ok')
    // Each address waits by its own failures: four, three, three.
    expect(await fail('a', 'address 0')).toBe(8 * 60)
    expect(await fail('a', 'address 1')).toBe(4 * 60)
    clock.advance(4 * 60_000)
    expect(await fail('a', 'address 1')).toBe('ok')
    expect(await fail('a', 'address 1')).toBe(8 * 60)
    expect(await fail('another', 'address 0')).toBe('ok')
    clock.advance(11 * 60_000)
    expect(await fail('a', 'address 0')).toBe('ok')
  })

  it('an address that has not failed at the account always gets a try', async () => {
    for (let guess = 0; guess < 300; guess++) await fail('a', `bot ${guess % 100}`)
    const owner = await budgets.beginTry(rows, 'a', 'home')
    expect(owner.kind).toBe('allowed')
    if (owner.kind === 'allowed') await owner.settle('right')
    // And again, for he was right.
    expect((await budgets.beginTry(rows, 'a', 'home')).kind).toBe('allowed')
  })

  it('an address has thirty failures a minute, at whatever accounts', async () => {
    const results: ('ok' | number)[] = []
    for (let guess = 0; guess < 40; guess++) results.push(await fail(`account ${guess}`, 'one'))
    expect(results.filter((result) => result === 'ok')).toHaveLength(30)
    expect(results.at(-1)).toBe(60)
    clock.advance(60_000)
    expect(await fail('account 0', 'one')).toBe('ok')
  })

  it('a hall full of phones behind one address gets in at once', async () => {
    const phones = Array.from({ length: 60 }, async (_, phone) => {
      const found = await budgets.beginTry(rows, `player ${phone}`, 'the hall')
      if (found.kind === 'allowed') await found.settle('right')
      return found.kind
    })
    expect(new Set(await Promise.all(phones))).toEqual(new Set(['allowed']))
  })

  it('whoever knows a password does not keep the others from theirs: an address tries so many a minute', async () => {
    const right = async (address: string) => {
      const found = await budgets.beginTry(rows, 'somebody', address)
      if (found.kind === 'allowed') await found.settle('right')
      return found
    }
    for (let tried = 0; tried < 300; tried++) expect((await right('one')).kind).toBe('allowed')
    clock.advance(20_000)
    expect(await right('one')).toEqual({ kind: 'refused', retryAfterS: 40 })
    expect((await right('another')).kind).toBe('allowed')
    clock.advance(40_000)
    expect((await right('one')).kind).toBe('allowed')
  })

  it('what is tried at once is counted at once, by all instances together', async () => {
    const instances = [1, 2, 3].map(() => openOn(database.database))
    try {
      const found = await Promise.all(
        Array.from({ length: 90 }, (_, guess) =>
          budgets.beginTry(instances[guess % 3]!.rows, `account ${guess}`, 'one'),
        ),
      )
      // None was settled yet: those that wait for the others give up.
      expect(found.filter(({ kind }) => kind === 'allowed')).toHaveLength(30)
      for (const one of found) if (one.kind === 'allowed') await one.settle('wrong')
      expect(await fail('account', 'one')).toBe(60)
    } finally {
      for (const instance of instances) await instance.close()
    }
  })

  it('when everybody fails, those who have failed lately wait, and nobody else', async () => {
    const few = createBudgets({ ...budgetLimits, globalFailuresMax: 20 }, keys, clock)
    for (let guess = 0; guess < 20; guess++) await fail(`account ${guess}`, `bot ${guess}`, few)
    expect(await fail('account', 'bot 1', few)).toBe(60)
    expect(await fail('account', 'somebody else', few)).toBe('ok')
  })

  it('a try that was never settled counts as long as its window lasts', async () => {
    for (let guess = 0; guess < 30; guess++) await budgets.beginTry(rows, `account ${guess}`, 'crashed')
    expect((await budgets.beginTry(rows, 'account', 'crashed')).kind).toBe('refused')
    clock.advance(60_000)
    expect((await budgets.beginTry(rows, 'account', 'crashed')).kind).toBe('allowed')
  })

  it('keep nobody’s address', async () => {
    await fail('ada@example.org', '203.0.113.77')
    const kept = JSON.stringify(await rows('select * from budgets', []))
    expect(kept).not.toMatch(/ada|203\.0/)
    expect(kept.match(/"key"/g)).toHaveLength(5)
  })

  it('never deadlock, however tries cross', async () => {
    const crossing = Array.from({ length: 200 }, (_, guess) =>
      fail(`account ${guess % 7}`, `address ${(guess * 3) % 11}`),
    )
    const results = await Promise.all(crossing)
    expect(results.filter((result) => result === 'ok').length).toBeGreaterThanOrEqual(70)
  })
})

function openOn(database: Database) {
  return openTables({ database, log: silentLog })
}
