import { Closed, type Operation, operationList } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { createFixture, goodReply, targetOf } from './edge-fixture.ts'

const good = targetOf('pickTeam').operation
const text = { type: 'string' } as const

const optional = (...keys: string[]) => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(keys.map((key) => [key, text])),
})

/** Contracts as they should not be; a written type can't stop a hurried cast or a JavaScript file. */
const planted: Record<string, [change: object, message: RegExp]> = {
  'no policy': [{ policy: undefined }, /pickTeam has no policy/],
  'an unknown policy': [{ policy: 'everybody' }, /unknown policy everybody/],
  'a policy named like a built-in': [{ policy: 'constructor' }, /unknown policy constructor/],
  'a policy that needs a parameter which the path lacks': [
    { route: ['PUT', '/api/x/{id}'], params: Closed({ id: text }) },
    /needs \{playerId\} in the path/,
  ],
  'one name in path and body': [{ body: Closed({ id: text }) }, /more than one input called id/],
  'one name in query and body': [
    { query: Closed({ team: text }), body: Closed({ team: text }) },
    /more than one input called team/,
  ],
  'parameters that the path lacks': [
    { params: Closed({ id: text, playerId: text, round: text }) },
    /in its path but \{id, playerId, round\} in its params/,
  ],
  'a change by GET': [{ route: ['GET', good.route[1]] }, /changes something by GET/],
  'a query by POST': [{ kind: 'query' }, /query by another method/],
  'a scope where no key may come': [{ scope: 'tournaments:write' }, /its policy self lets no key in/],
  'a scope that there is not': [{ scope: 'everything' }, /unknown scope everything/],
  'a session of no realm': [{ session: { realm: 'guests', effect: 'ends' } }, /unknown realm guests/],
  'a session that it knows nothing of': [{ knows: 'guests' }, /unknown realm guests/],
  'a session that begins without a word of cookies': [
    { session: { realm: 'staff', effect: 'begins' } },
    /no optional cookies in its body/,
  ],
  'a session that begins without tokens': [
    {
      session: { realm: 'staff', effect: 'begins' },
      body: optional('cookies'),
    },
    /doesn't answer with accessToken/,
  ],
  'a renewal that must bring what a cookie may': [
    {
      session: { realm: 'staff', effect: 'renews' },
      body: { ...optional('cookies', 'refreshToken'), required: ['refreshToken'] },
    },
    /no optional refreshToken in its body/,
  ],
  'a limit that is none': [
    { requestsPerMinuteMax: { perAddress: 0, total: 10 } },
    /a limit that is no limit/,
  ],
  'an answer without schema': [{ output: undefined }, /must have an output schema/],
}

describe('a contract stops the start when it has', () => {
  it.each(Object.entries(planted))('%s', async (_, [change, message]) => {
    const operation = { ...good, ...change } as Operation
    const start = createFixture(goodReply, { operations: [operation] })
    await expect(start).rejects.toMatchObject({
      code: 'bad-contract',
      message: expect.stringMatching(message),
    })
  })

  it('the route of another one', async () => {
    const twin = {
      ...good,
      name: 'setJoining',
      route: ['PUT', good.route[1].replace('{id}', '{id}')],
    } as Operation
    await expect(createFixture(goodReply, { operations: [good, twin] })).rejects.toMatchObject({
      code: 'bad-contract',
      message: expect.stringContaining('same route as pickTeam'),
    })
  })
})

it('the real contracts start', async () => {
  await expect(createFixture(goodReply, { operations: operationList })).resolves.toBeDefined()
})
