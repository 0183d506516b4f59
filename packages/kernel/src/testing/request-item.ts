import { newId } from '@matchday/contracts'
import type { JsonObject, RequestItem } from '../message.ts'

export type RequestParts = Partial<Omit<RequestItem, 'input'>>
const deadlineMs = 20_000

/** A request by anyone, under a new id, as the bus would bring it. */
export function requestItem(input: JsonObject, parts: RequestParts): RequestItem {
  return {
    id: newId(),
    operation: 'pickTeam',
    input,
    caller: { kind: 'anyone' },
    deadlineAt: Date.now() + deadlineMs,
    ...parts,
  }
}
