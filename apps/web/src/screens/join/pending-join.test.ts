import { newId } from '@matchday/contracts/ids'
import { expect, test } from 'vitest'
import { pendingJoin } from './pending-join.ts'

const ana = { firstName: 'Ana', lastName: 'Silva' }

test('a try whose outcome is unknown is repeated with the same id, another name or a new try is not', () => {
  const id = newId<'tournament'>()
  const first = pendingJoin(id, ana)
  const again = pendingJoin(id, ana)
  expect(again.requestId).toBe(first.requestId)
  const ben = pendingJoin(id, { firstName: 'Ben', lastName: 'Silva' })
  expect(ben.requestId).not.toBe(first.requestId)
  const whole = pendingJoin(id, { firstName: 'Ben', lastName: 'Silva', showsFullName: true })
  expect(whole.requestId).not.toBe(ben.requestId)
  whole.done()
  expect(pendingJoin(id, { firstName: 'Ben', lastName: 'Silva' }).requestId).not.toBe(ben.requestId)
  expect(pendingJoin(newId<'tournament'>(), ana).requestId).not.toBe(first.requestId)
})
