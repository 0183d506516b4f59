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
      const { clock, work, bodies } = await measure(lab, question, samples)
      expect(bodies.size).toBe(1)
      // On a quiet machine the interval is some tenths of a millisecond wide; on a busy one the work still tells.
      expect(clock.least, JSON.stringify(clock)).toBeLessThan(differenceMsMax)
      expect(clock.most, JSON.stringify(clock)).toBeGreaterThan(-differenceMsMax)
      expect(Math.abs(work.median), JSON.stringify(work)).toBeLessThan(differenceMsMax)
    },
    300_000,
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
      const { clock, work } = await measure(careless, questions[0]!, 100)
      expect(clock.least, JSON.stringify(clock)).toBeGreaterThan(differenceMsMax)
      expect(work.median, JSON.stringify(work)).toBeGreaterThan(differenceMsMax)
    } finally {
      await careless.close()
    }
  }, 120_000)
})

type Sample = { readonly clockMs: number; readonly workMs: number }

/** In turns, so that whatever else the machine does befalls both alike. */
async function measure(lab: IdentityLab, { operation, body }: Question, count: number) {
  const bodies = new Set<string>()
  const ask = async (to: string): Promise<Sample> => {
    const begin = performance.now()
    const worked = process.cpuUsage()
    const reply = await lab.call(operation, body(to) as never)
    const { user, system } = process.cpuUsage(worked)
    bodies.add(JSON.stringify(reply))
    return { clockMs: performance.now() - begin, workMs: (user + system) / 1_000 }
  }
  const pairs: { known: Sample; unknown: Sample }[] = []
  for (let sample = 0; sample < count; sample++) {
    const other = `nobody-${sample}@example.org`
    const isFirst = sample % 2 === 0
    const before = isFirst ? await ask(email) : null
    const unknown = await ask(other)
    pairs.push({ known: before ?? (await ask(email)), unknown })
  }
  return {
    bodies,
    clock: medianDifference(pairs.map(({ known, unknown }) => known.clockMs - unknown.clockMs)),
    work: medianDifference(pairs.map(({ known, unknown }) => known.workMs - unknown.workMs)),
  }
}

/** The median, and between what it lies with a probability of 99.7 %: that many standard deviations of its rank. */
function medianDifference(differences: readonly number[]) {
  const sorted = differences.toSorted((one, other) => one - other)
  const spread = (3 * Math.sqrt(sorted.length)) / 2
  const at = (rank: number) => sorted[Math.min(Math.max(Math.round(rank), 0), sorted.length - 1)]!
  const middle = sorted.length / 2
  return { median: at(middle), least: at(middle - spread), most: at(middle + spread) }
}
