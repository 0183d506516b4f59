import { describe, expect, it } from 'vitest'
import { checkAnswers } from './check-answers.ts'

const ok = (id: string) => ({ id, outcome: 'ok' }) as const
const once = (...ids: readonly string[]) => new Map(ids.map((id) => [id, 1]))

describe('that each request is answered exactly once', () => {
  it('is seen', () => {
    const requests = [ok('a'), { id: 'b', outcome: 'failed' } as const]
    expect(() => checkAnswers({ requests, answers: once('a', 'b') }, ['a'])).not.toThrow()
  })

  it('is missed when an answer is lost, doubled, or strayed', () => {
    const requests = [ok('a'), ok('b')]
    const check = (answers: Map<string, number>, worked: readonly string[]) => () =>
      checkAnswers({ requests, answers }, worked)
    expect(check(once('a'), ['a', 'b'])).toThrow('0 answers')
    expect(check(once('a', 'b').set('b', 2), ['a', 'b'])).toThrow('2 answers')
    expect(check(once('a', 'b', 'c'), ['a', 'b'])).toThrow('nobody asked')
  })

  it('is missed when something is done twice, or said to be done and is not', () => {
    const of = (worked: readonly string[]) => () =>
      checkAnswers({ requests: [ok('a')], answers: once('a') }, worked)
    expect(of(['a', 'a'])).toThrow('done 2 times')
    expect(of([])).toThrow('done 0 times')
  })
})
