import { describe, expect, it } from 'vitest'
import { archived, created, drawn, joined, joiningSet, picked } from '../testing/past.ts'
import { organizer } from '../testing/people.ts'
import { codeOf, eventsOf, when } from '../testing/when.ts'

const close = { input: { open: false }, by: organizer }
const past = [created()]

describe('opening and closing joining', () => {
  it('fences joins that were decided before', async () => {
    expect(await when(past, 'setJoining', close)).toMatchObject({
      events: [{ type: 'joining-changed', data: { open: false } }],
      answer: { open: false },
      essential: true,
    })
  })

  it('as it is already changes nothing', async () => {
    expect(await eventsOf(when([...past, joiningSet(false)], 'setJoining', close))).toEqual([])
    expect(await eventsOf(when(past, 'setJoining', { input: { open: true }, by: organizer }))).toEqual([])
  })

  it('names the first rule that is broken', async () => {
    const done = [
      created(),
      joined('Ann'),
      joined('Ben'),
      picked('Ann', 'PSG'),
      picked('Ben', 'Bayern'),
      drawn([
        ['Ann', 'PSG'],
        ['Ben', 'Bayern'],
      ]),
    ]
    expect(await codeOf(when([], 'setJoining', close))).toBe('not-found')
    expect(await codeOf(when([...done, archived], 'setJoining', close))).toBe('tournament-archived')
    expect(await codeOf(when(done, 'setJoining', close))).toBe('already-drawn')
  })
})
