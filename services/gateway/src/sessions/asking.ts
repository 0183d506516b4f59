import { type Caller, newId } from '@matchday/contracts'
import { type AskedOperation, Fault, type JsonObject, type Log, type Reply } from '@matchday/kernel'
import type { Asker } from '../http/ports.ts'
import type { SessionLimits } from './session-limits.ts'

/** For what only services may ask; nobody outside can be this caller. */
export const edgeItself: Caller = { kind: 'service', service: 'gateway' }
/** For what everybody may ask. */
export const anyone: Caller = { kind: 'anyone' }

/** Asks a service on the edge's own behalf. Never throws: what went wrong is a reply too. */
export type AskAsEdge = (operation: AskedOperation, input: JsonObject, caller: Caller) => Promise<Reply>

export function createAskAsEdge(asker: Asker, limits: SessionLimits, log: Log): AskAsEdge {
  return async (operation, input, caller) => {
    try {
      const { askTimeoutMs: timeoutMs } = limits
      return await asker.request(operation, { id: newId(), input, caller, timeoutMs })
    } catch (error) {
      // Whoever asks knows how long it has been so.
      if (!(error instanceof Fault))
        log.error({ err: error, operation: operation.name }, 'the edge could not ask')
      return { kind: 'fault', code: 'unavailable', retryable: true }
    }
  }
}
