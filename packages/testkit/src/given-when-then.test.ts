import { type CommandHandler, reject } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from './fake-clock.ts'
import { givenWhenThen } from './given-when-then.ts'

type Counted = { readonly type: 'counted'; readonly data: { readonly by: number } }
const counted = (by: number): Counted => ({ type: 'counted', data: { by } })

const count: CommandHandler<{ sum: number }, Counted, { by: number }, null, 'not-allowed', null> = {
  decider: {
    name: 'counter',
    snapshotSchema: 1,
    snapshotEvery: 100,
    initial: () => ({ sum: 0 }),
    evolve: ({ sum }, { data }) => ({ sum: sum + data.by }),
  },
  prepare: () => null,
  stream: () => 'counter',
  decide: ({ sum }, { input }) =>
    sum + input.by > 10
      ? reject('not-allowed')
      : { kind: 'accepted', events: [counted(input.by)], answer: {} },
  present: () => null,
}

describe('given / when / then', () => {
  const { given } = givenWhenThen(count)

  it('tells what follows from what happened', () => {
    given(counted(4), counted(5))
      .when({ input: { by: 1 }, facts: null })
      .thenEvents(counted(1))
    given(counted(4), counted(5))
      .when({ input: { by: 2 }, facts: null })
      .thenRejected('not-allowed')
  })

  it('fails when something else follows', () => {
    const accepted = given().when({ input: { by: 1 }, facts: null })
    expect(() => accepted.thenEvents(counted(2))).toThrow()
    expect(() => accepted.thenEvents()).toThrow()
    expect(() => accepted.thenRejected('not-allowed')).toThrow()
    const rejected = given().when({ input: { by: 11 }, facts: null })
    expect(() => rejected.thenEvents()).toThrow('not-allowed')
  })

  it('fails when a state is changed in place', () => {
    const changing = {
      ...count,
      decider: {
        ...count.decider,
        evolve(state: { sum: number }, { data }: Counted) {
          state.sum += data.by
          return state
        },
      },
    }
    expect(() => givenWhenThen(changing).given(counted(1))).not.toThrow()
    expect(() =>
      givenWhenThen(changing)
        .given(counted(1))
        .when({ input: { by: 1 }, facts: null }),
    ).toThrow()
  })
})

it('a fake clock moves when told to', () => {
  const clock = createFakeClock('2025-01-01T00:00:00.000Z')
  clock.advance(1_500)
  expect(new Date(clock.now()).toISOString()).toBe('2025-01-01T00:00:01.500Z')
  expect(clock.monotonicMs()).toBe(1_500)
})
