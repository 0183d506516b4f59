import { type Caller, newId, type Operation, type OperationName, operationList } from '@matchday/contracts'
import type { JsonObject, Log, Reply } from '@matchday/kernel'
import type { Requester } from '../http/ports.ts'
import type { LiveLimits } from './limits.ts'

/** Asks a service by the operation's name. Never throws: what went wrong is a reply too. */
export type Ask = (name: OperationName, input: JsonObject, caller: Caller) => Promise<Reply>

export function createAsk(parts: {
  requester: Pick<Requester, 'request'>
  log: Log
  limits: LiveLimits
}): Ask {
  const operations = new Map<string, Operation>(operationList.map((operation) => [operation.name, operation]))
  return async (name, input, caller) => {
    const operation = operations.get(name)
    if (!operation) throw new Error(`no operation ${name}: contracts out of step`)
    try {
      return await parts.requester.request(operation, {
        id: newId(),
        input,
        caller,
        timeoutMs: parts.limits.requestTimeoutMs,
      })
    } catch (error) {
      parts.log.warn({ err: error, operation: name }, 'a request of the live edge failed')
      return { kind: 'fault', code: 'unavailable', retryable: true }
    }
  }
}
