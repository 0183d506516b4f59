import { describe, expect, it } from 'vitest'
import { codeOf } from './testing/identity-lab.ts'
import { goodPassword, register } from './testing/people.ts'
import { twoInstances } from './testing/two-instances.ts'

const guesses = 10_000
const addresses = 200
const accountFailuresMax = 10

describe('ten thousand wrong passwords from two hundred addresses', async () => {
  const [lab, other] = await twoInstances()

  it('reach the hash as often as is configured, and the owner gets in', async () => {
    const { email } = await register(lab, 'victim@example.org')
    const codes = new Map<string, number>()
    // As many at once as a busy edge sends; to two instances that know nothing of each other.
    const attack = async (bot: number) => {
      for (let guess = bot; guess < guesses; guess += 50) {
        const address = `198.51.100.${guess % addresses}`
        const at = guess % 2 === 0 ? lab : other
        const code = codeOf(await at.call('signInStaff', { email, password: `guess ${guess}` }, { address }))
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: 50 }, (_, bot) => attack(bot)))
    const reached = codes.get('wrong-credentials') ?? 0
    expect((codes.get('too-many-requests') ?? 0) + reached).toBe(guesses)
    // Ten while the account is quick, then a first one for each address.
    expect(reached).toBeGreaterThanOrEqual(addresses - accountFailuresMax)
    expect(reached).toBeLessThanOrEqual(addresses + accountFailuresMax)
    const body = { email, password: goodPassword }
    expect(codeOf(await other.call('signInStaff', body, { address: '203.0.113.5' }))).toBe('ok')
  }, 120_000)
})
