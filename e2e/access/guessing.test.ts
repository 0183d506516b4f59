import { allOperations } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Account, makeAccount, signIn } from '../support/accounts.ts'
import { ask, requestOf } from '../support/ask.ts'
import { atOnce } from '../support/histories.ts'
import { type Server, startServer } from './server.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

/** Few enough to be over within the minute that an address waits which has failed. */
const guesses = 4_000
const addresses = 200
const guessersAtOnce = 32
/** What is configured: ten failures while an account is quick, then a first one for each address. */
const accountFailuresMax = 10
const phones = 60

let server: Server
let victim: Account
beforeAll(async () => {
  server = await startServer()
  victim = await makeAccount(server.url, 'staff', server.mailbox)
})
afterAll(() => server.stop())

const tryFrom = (from: string, email: string, password: string) =>
  ask(server.url, requestOf(allOperations.signInStaff, { body: { email, password }, from }))

/** Passwords that were compared. */
async function hashed(): Promise<number> {
  const name = 'matchday_password_tries_total'
  return (await server.counted(name, 'outcome="wrong"')) + (await server.counted(name, 'outcome="right"'))
}

describe('four thousand wrong passwords from two hundred addresses', () => {
  it('reach the hash as often as is configured; the owner gets in meanwhile and afterwards', async () => {
    const { email, password } = victim
    const codes = new Map<string, number>()
    const owners: string[] = []
    const hashedBefore = await hashed()
    const startedAt = performance.now()
    const tries = Array.from({ length: guesses }, (_, guess) => async () => {
      const { code } = await tryFrom(`127.40.0.${(guess % addresses) + 1}`, email, `guess ${guess}`)
      codes.set(code, (codes.get(code) ?? 0) + 1)
      // Now and then the owner, each time from where nobody has failed.
      if (guess % 800 === 799) {
        owners.push((await tryFrom(`127.41.0.${owners.length + 1}`, email, password)).code)
      }
    })
    await atOnce(guessersAtOnce, tries)
    const tookMs = performance.now() - startedAt
    console.log(`${guesses} guesses in ${Math.round(tookMs)} ms: ${JSON.stringify([...codes])}`)
    const reached = codes.get('wrong-credentials') ?? 0
    expect(reached + (codes.get('too-many-requests') ?? 0)).toBe(guesses)
    expect(reached).toBeGreaterThanOrEqual(addresses - accountFailuresMax)
    expect(reached).toBeLessThanOrEqual(addresses + accountFailuresMax)
    expect(owners).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
    // What was over the budget cost no hash.
    expect((await hashed()) - hashedBefore).toBe(reached + owners.length)
    expect((await tryFrom('127.42.0.1', email, password)).code).toBe('ok')
  })

  it('are not asked for in vain: one who failed waits, and is told how long', async () => {
    const told = await tryFrom('127.40.0.1', victim.email, victim.password)
    expect(told.code).toBe('too-many-requests')
    expect(Number(told.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(told.headers.get('retry-after'))).toBeLessThanOrEqual(15 * 60)
  })
})

describe('a hall full of phones behind one address', () => {
  it('gets in at once, though some mistype', async () => {
    const people = await Promise.all(
      Array.from({ length: 6 }, () => makeAccount(server.url, 'players', server.mailbox)),
    )
    const { signInPlayer } = allOperations
    const from = '127.43.0.1'
    const codes: string[] = []
    await atOnce(
      8,
      Array.from({ length: phones }, (_, phone) => async () => {
        const { email, password } = people[phone % people.length]!
        // One in ten, who then gets it right.
        if (phone % 10 === 0) {
          const body = { email, password: 'mistyped lantern' }
          codes.push((await ask(server.url, requestOf(signInPlayer, { body, from }))).code)
        }
        codes.push((await ask(server.url, requestOf(signInPlayer, { body: { email, password }, from }))).code)
      }),
    )
    expect(codes.filter((code) => code === 'ok')).toHaveLength(phones)
    expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(phones / 10)
    await signIn(server.url, people[0]!)
  })
})
