import type { TournamentId } from '@matchday/contracts'
import { newId } from '@matchday/contracts/ids'
import { isObject, stored } from '../../device/storage.ts'

/** A try to join whose outcome this device has not seen yet. */
type Pending = { requestId: string; name: string }

/**
 * The request id for joining under this name: that of an unfinished try of the same, or a new one, kept until
 * `done` is called.
 */
export function pendingJoin(
  id: TournamentId,
  person: { firstName: string; lastName: string; showsFullName?: boolean },
) {
  const entry = stored(`joining.${id}`, isPending)
  const name = JSON.stringify([person.firstName, person.lastName, person.showsFullName === true])
  const before = entry.fresh()
  const requestId = before?.name === name ? before.requestId : newId()
  entry.set({ requestId, name })
  return { requestId, done: () => entry.set(null) }
}

function isPending(value: unknown): value is Pending {
  return isObject(value) && typeof value.requestId === 'string' && typeof value.name === 'string'
}
