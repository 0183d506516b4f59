import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BadRequest, badRequests, exchange, isExpected, outcomeOf } from './bad-requests/index.ts'
import { boundlessBudgets, createFixture, type Fixture, goodReply, targets } from './edge-fixture.ts'

let fixture: Fixture
let port: number
beforeAll(async () => {
  fixture = await createFixture(goodReply, { budgets: boundlessBudgets })
  port = (await fixture.edge.listen('127.0.0.1', 0)).port
})
afterAll(() => fixture.edge.close())

describe('bad requests', () => {
  it.each(targets)('to $operation.name get a clear code, never a 5xx', async (target) => {
    const surprises: string[] = []
    for (const attempt of badRequests) {
      if (!attempt.appliesTo(target.operation)) continue
      const answer = await exchange(port, attempt.bytes(target))
      if (!isExpected(attempt, answer)) surprises.push(`${attempt.name}: ${outcomeOf(answer)}`)
    }
    expect(surprises).toEqual([])
    expect((await fixture.edge.inject({ url: '/livez' })).statusCode).toBe(200)
  })

  it('are told apart from good ones by this test', async () => {
    const control: BadRequest = { ...badRequests[0]!, outcomes: ['internal'] }
    expect(isExpected(control, await exchange(port, control.bytes(targets[0]!)))).toBe(false)
  })

  it('are many', () => {
    const attempts = targets.map(
      ({ operation }) => badRequests.filter((bad) => bad.appliesTo(operation)).length,
    )
    expect(attempts.reduce((sum, count) => sum + count)).toBeGreaterThan(10_000)
  })
})
