import { systemClock } from '@matchday/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { budgetLimits } from './budgets/budget-limits.ts'
import { hashingLimits } from './passwords/hashing-limits.ts'
import { type IdentityLab, openIdentityLab } from './testing/identity-lab.ts'
import { goodPassword, register } from './testing/people.ts'

const samples = 500
const differenceMsMax = 2
const email = 'known@example.org'
const names = { firstName: 'Ada', lastName: 'Lovelace' }
/** Nobody is refused here: what is measured is the work. */
const noBudget = Object.fromEntries(
  Object.entries(budgetLimits).map(([name, value]) => [name, name.endsWith('Max') ? 1_000_000 : value]),
)

type Question = { readonly operation: string; readonly body: (email: string) => object }
const questions: readonly Question[] = [
  { operation: 'signInStaff', body: (to) => ({ email: to, password: 'not the password' }) },
  { operation: 'signUpStaff', body: (to) => ({ email: to, password: goodPassword, ...names }) },
  { operation: 'requestStaffReset', body: (to) => ({ email: to }) },
]

describe('whether an address has an account', () => {
  let lab: IdentityLab
  beforeAll(async () => {
    lab = await openIdentityLab({ clock: systemClock, budgets: noBudget, hashing: hashingLimits })
    await register(lab, email)
  })
  afterAll(() => lab.close())

  it.each(questions)(
    '$operation does not tell',
    async (question) => {
      const { known, unknown, bodies } = await measure(lab, question, samples)
      expect(bodies.size).toBe(1)
      expect(Math.abs(median(known) - median(unknown))).toBeLessThan(differenceMsMax)
    },
    180_000,
  )

  it('would be found out if the work were not done for unknown ones', async () => {
    const careless = await openIdentityLab({
      database: lab.database,
      clock: systemClock,
      budgets: noBudget,
      hashing: hashingLimits,
      plant: ({ passwords }) => ({
        passwords: {
          ...passwords,
          count: 0,
          hash: (password) => passwords.hash(password),
          isOutdated: (hash) => passwords.isOutdated(hash),
          verify: async (hash, password) => hash !== null && passwords.verify(hash, password),
        },
      }),
    })
    try {
      const { known, unknown } = await measure(careless, questions[0]!, 60)
      expect(median(known) - median(unknown)).toBeGreaterThan(differenceMsMax)
    } finally {
      await careless.close()
    }
  }, 60_000)
})

/** In turns, so that whatever else the machine does befalls both alike. */
async function measure(lab: IdentityLab, { operation, body }: Question, count: number) {
  const known: number[] = []
  const unknown: number[] = []
  const bodies = new Set<string>()
  const ask = async (times: number[], to: string) => {
    const begin = performance.now()
    const reply = await lab.call(operation, body(to) as never)
    times.push(performance.now() - begin)
    bodies.add(JSON.stringify(reply))
  }
  for (let sample = 0; sample < count; sample++) {
    const other = `nobody-${sample}@example.org`
    if (sample % 2 === 0) {
      await ask(known, email)
      await ask(unknown, other)
    } else {
      await ask(unknown, other)
      await ask(known, email)
    }
  }
  return { known, unknown, bodies }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]!
}
