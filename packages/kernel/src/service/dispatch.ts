import type { Executor } from '../decide/executor-port.ts'
import { Fault } from '../fault.ts'
import type { JsonObject, Reply, RequestItem } from '../message.ts'
import type { HandlerEntry, ReadContext, ReadEntry, ServiceDefinition } from './definition.ts'

/** Hands a request to the handler of its operation. Throws Fault `internal` when the service has none. */
export function createDispatch(
  handlers: ReadonlyMap<string, HandlerEntry>,
  executor: Pick<Executor, 'execute'>,
  context: ReadContext,
  epoch: string,
): (item: RequestItem) => Promise<Reply> {
  // A version says something only together with the epoch of the store that it comes from.
  const withEpoch = (reply: Reply): Reply =>
    reply.kind !== 'ok' || reply.version === undefined || reply.epoch !== undefined
      ? reply
      : { ...reply, epoch }
  return (item) => {
    const entry = handlers.get(item.operation)
    if (entry === undefined) {
      // Only another release of the edge can know an operation that this one doesn't.
      return Promise.reject(new Fault('internal', `No handler for ${item.operation}`))
    }
    const reply = entry.kind === 'command' ? executor.execute(entry, item) : read(entry, item, context)
    return reply.then(withEpoch)
  }
}

async function read(entry: ReadEntry, item: RequestItem, context: ReadContext): Promise<Reply> {
  const answer = await entry.handle(item.input, item.caller, context)
  if (answer.kind === 'rejected') return answer
  const body: JsonObject | null = answer.body ?? null
  return answer.version === undefined ? { kind: 'ok', body } : { kind: 'ok', body, version: answer.version }
}

/** A service's handlers by operation name. A handler under another name, or of another service, is a bug that must not start. */
export function handlersByOperation(definition: ServiceDefinition): ReadonlyMap<string, HandlerEntry> {
  const entries = new Map(Object.entries(definition.handlers))
  for (const [name, { kind, operation }] of entries) {
    const isSound =
      operation.name === name &&
      operation.service === definition.name &&
      (operation.kind === 'command') === (kind === 'command')
    if (!isSound) throw new Error(`The handler ${name} of ${definition.name} is not one of this operation`)
  }
  return entries
}
