import { isId, newId } from '@matchday/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changeIdOf } from './change-id.ts'

const event = (stream: string, version: number, atMs: number) => ({
  stream,
  version,
  at: new Date(atMs).toISOString(),
  type: 'x',
  data: {},
  by: 'staff',
})

it('an event has one id, which tells its time, and comes after that of the event before it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 42 }), fc.integer({ min: 1, max: 1_000 }), (atMs, version) => {
      const stream = newId()
      const id = changeIdOf('tournaments', event(stream, version, atMs))
      expect(isId(id)).toBe(true)
      expect(id).toBe(changeIdOf('tournaments', event(stream, version, atMs)))
      expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(atMs)
      expect(id).not.toBe(changeIdOf('identity-staff', event(stream, version, atMs)))
      expect(id < changeIdOf('tournaments', event(stream, version + 1, atMs))).toBe(true)
    }),
  )
})
