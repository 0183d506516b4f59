import { describe, expect, it } from 'vitest'
import { append } from './testing/append.ts'
import { waves } from './waves.ts'

const parts = (items: ReturnType<typeof append>[], max = 100) =>
  waves(
    items.map((item) => ({ append: item })),
    max,
  ).map((part) => part.map((item) => item.append.stream))

describe('a batch', () => {
  it('is one part when nothing is shared', () => {
    expect(parts([append('a', 1, { claims: ['x'] }), append('b', 1, { claims: ['y'] })])).toEqual([
      ['a', 'b'],
    ])
  })

  it('is parted where a claim, a release, a stream or an answer is shared, in order', () => {
    const id = { id: '1', fingerprint: '', answer: {}, versionOffset: 0 }
    expect(
      parts([
        append('a', 1, { claims: ['x'] }),
        append('b', 1, { releases: ['x'] }),
        append('c', 1, { claims: ['x', 'z'] }),
        append('d', 1, { answers: [id] }),
        append('e', 1, { claims: ['z'], answers: [id] }),
        append('a', 1),
        append('f', 1),
      ]),
    ).toEqual([['a', 'd', 'f'], ['b', 'a'], ['c'], ['e']])
  })

  it('is parted where it is too large', () => {
    expect(parts([append('a', 1), append('b', 1), append('c', 1)], 2)).toEqual([['a', 'b'], ['c']])
  })
})
