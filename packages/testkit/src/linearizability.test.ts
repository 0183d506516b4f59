import { describe, expect, it } from 'vitest'
import { type Call, isLinearizable, type Model } from './linearizability.ts'

type Input = { write: number } | 'read'
type Output = number | 'written'

const register: Model<number, Input, Output> = {
  initial: 0,
  step: (value, input, output) =>
    input === 'read' ? (output === value || output === undefined ? value : null) : input.write,
  key: String,
}

function call(
  calledAt: number,
  returnedAt: number,
  input: Input,
  output: Output | undefined,
): Call<Input, Output> {
  return { calledAt, returnedAt, input, output }
}

const write = (value: number): Input => ({ write: value })

describe('a history', () => {
  it('is linearizable when overlapping calls can be put in an order that explains every answer', () => {
    const calls = [
      call(0, 10, write(1), 'written'),
      call(1, 9, write(2), 'written'),
      call(2, 3, 'read', 2),
      call(4, 5, 'read', 1),
      call(11, 12, 'read', 1),
    ]
    expect(isLinearizable(calls, register)).toBe(true)
  })

  it('is not when an old value is read after a newer one was', () => {
    const calls = [call(0, 10, write(1), 'written'), call(1, 2, 'read', 1), call(3, 4, 'read', 0)]
    expect(isLinearizable(calls, register)).toBe(false)
  })

  it('is not when a finished write is not seen', () => {
    expect(isLinearizable([call(0, 1, write(1), 'written'), call(2, 3, 'read', 0)], register)).toBe(false)
  })

  it('may hold calls of unknown outcome, with their effect late or never', () => {
    const lost = call(0, 1, write(1), undefined)
    expect(isLinearizable([lost, call(5, 6, 'read', 0), call(7, 8, 'read', 1)], register)).toBe(true)
    expect(isLinearizable([lost, call(5, 6, 'read', 0)], register)).toBe(true)
    expect(isLinearizable([lost, call(5, 6, 'read', 1), call(7, 8, 'read', 0)], register)).toBe(false)
  })

  it('of many calls at once is judged in a moment', () => {
    const calls = Array.from({ length: 60 }, (_, index) =>
      call(
        index,
        index + 8,
        index % 2 ? write(index) : 'read',
        index % 2 ? 'written' : Math.max(0, index - 1),
      ),
    )
    expect(isLinearizable(calls, register)).toBe(true)
  })
})
