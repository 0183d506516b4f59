import type { Caller, Operation } from '@matchday/contracts'
import type { JsonObject, Reply } from '@matchday/kernel'

/** How the edge asks services: one call, one reply, within a deadline. Shared with the HTTP edge by shape. */
export type Requester = {
  request(
    operation: Operation,
    call: { id: string; input: JsonObject; caller: Caller; timeoutMs?: number; signal?: AbortSignal },
  ): Promise<Reply>
}
