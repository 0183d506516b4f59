import { allOperations, type Operation, type Realm, realms } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Account, freshEmail, makeAccount, realmOperations } from '../support/accounts.ts'
import { ask, requestOf } from '../support/ask.ts'
import { delayed, startHttpProxy } from '../support/http-proxy.ts'
import { type Server, startServer } from './server.ts'
import { type MedianDifference, medianDifference, quantile } from './statistics.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

const samples = 500
const controlSamples = 100
const differenceMsMax = 2

let server: Server
let accounts: Record<Realm, Account>
beforeAll(async () => {
  server = await startServer()
  accounts = {
    staff: await makeAccount(server.url, 'staff', server.mailbox),
    players: await makeAccount(server.url, 'players', server.mailbox),
  }
})
afterAll(() => server.stop())

type Question = 'signIn' | 'signUp' | 'requestReset'
const questions: readonly Question[] = ['signIn', 'signUp', 'requestReset']
const bodies: Record<Question, (email: string) => object> = {
  signIn: (email) => ({ email, password: 'harbour lantern guess' }),
  signUp: (email) => ({ email, password: 'harbour lantern guess', firstName: 'Eve', lastName: 'Eager' }),
  requestReset: (email) => ({ email }),
}

/** Nobody asks twice from one address: what is measured is the work, and not that somebody is slowed down. */
let addresses = 0
function nextAddress(): string {
  addresses++
  return `127.${20 + Math.floor(addresses / 65_000)}.${Math.floor(addresses / 250) % 250}.${(addresses % 250) + 1}`
}

type Measured = MedianDifference & {
  /** What was answered, without ids. */
  readonly answers: ReadonlySet<string>
  readonly unknownMs: number
}

/** Known and unknown in turns, so that whatever else the machine does befalls both alike. */
async function measure(url: string, realm: Realm, question: Question, count: number): Promise<Measured> {
  const operation: Operation = allOperations[realmOperations[realm][question]]
  const answers = new Set<string>()
  const timed = async (email: string): Promise<number> => {
    const request = requestOf(operation, { body: bodies[question](email), from: nextAddress() })
    const startedAt = performance.now()
    const { status, text, headers } = await ask(url, request)
    const tookMs = performance.now() - startedAt
    const told = [...headers].filter(
      ([name]) => !['date', 'x-request-id', 'connection', 'keep-alive'].includes(name),
    )
    answers.add(JSON.stringify([status, text.replace(/"requestId":"[^"]*"/, ''), told]))
    return tookMs
  }
  const known = accounts[realm].email
  const differences: number[] = []
  const unknown: number[] = []
  for (let sample = 0; sample < count; sample++) {
    const isFirst = sample % 2 === 0
    const before = isFirst ? await timed(known) : 0
    const other = await timed(freshEmail('nobody'))
    unknown.push(other)
    differences.push((isFirst ? before : await timed(known)) - other)
  }
  return { ...medianDifference(differences), answers, unknownMs: quantile(unknown, 0.5) }
}

describe('whether an address has an account', () => {
  it.each(questions)('%s does not tell, in either realm', async (question) => {
    // Both realms at once: each hashes on its own, and a difference befalls no one more than the other.
    const found = await Promise.all(
      realms.map(async (realm) => [realm, await measure(server.url, realm, question, samples)] as const),
    )
    for (const [realm, { answers, ...measured }] of found) {
      console.log(`${question}, ${realm}: ${JSON.stringify(measured)}`)
      expect([...answers].map((answer) => [realm, answer])).toEqual([[realm, expect.anything()]])
      // On a quiet machine the interval is some tenths of a millisecond wide.
      expect(measured.least, JSON.stringify(measured)).toBeLessThan(differenceMsMax)
      expect(measured.most, JSON.stringify(measured)).toBeGreaterThan(-differenceMsMax)
    }
  })

  it('would be found out if one of both cost a hash more', async () => {
    const { unknownMs } = await measure(server.url, 'staff', 'signIn', controlSamples / 2)
    const { email } = accounts.staff
    const slower = await startHttpProxy(
      server.url,
      delayed(({ body }) => (body.includes(email) ? unknownMs : 0)),
    )
    try {
      const measured = await measure(slower.url, 'staff', 'signIn', controlSamples)
      expect(measured.least, JSON.stringify(measured)).toBeGreaterThan(differenceMsMax)
    } finally {
      await slower.close()
    }
  })
})
