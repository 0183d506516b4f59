import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fifo } from './fifo.ts'

describe('a first-in-first-out list', () => {
  it('does what an array does', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer()), { maxLength: 200 }), (steps) => {
        const fifo = new Fifo<number>()
        const array: number[] = []
        for (const step of steps) {
          if (step === null) expect(fifo.shift()).toBe(array.shift())
          else {
            fifo.push(step)
            array.push(step)
          }
          expect(fifo.length).toBe(array.length)
        }
      }),
    )
  })
})
