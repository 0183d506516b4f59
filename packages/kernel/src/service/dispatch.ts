import type { Executor } from '../decide/executor-port.ts'
import { Fault } from '../fault.ts'
import type { JsonObject, Reply, RequestItem } from '../message.ts'
import type { RowExecutor } from '../rows/row-executor.ts'
import type { HandlerEntry, ReadContext, ReadEntry, ServiceDefinition } from './definition.ts'
import { contextOf } from './read-context.ts'

type DispatchParts = {
  readonly handlers: Handlers
  readonly executor: Pick<Executor, 'execute'>
  /** Left out: the service has no commands on rows. */
  readonly rowExecutor?: Pick<RowExecutor, 'execute'> | undefined
  readonly context: ReadContext
  readonly epoch: string
}

/**
 * A service's handlers by operation name. What services ask each other is apart from what the web may ask, and each
 * can be reached by its own kind of caller alone.
 */
export type Handlers = {
  readonly web: ReadonlyMap<string, HandlerEntry>
  readonly internal: ReadonlyMap<string, HandlerEntry>
}

const notAllowed: Reply = { kind: 'rejected', code: 'not-allowed' }

/** Hands a request to the handler of its operation. Throws Fault `internal` when the service has none. */
export function createDispatch(parts: DispatchParts): (item: RequestItem) => Promise<Reply> {
  const { handlers, executor, rowExecutor, context, epoch } = parts
  // A version says something only together with the epoch of the store that it comes from.
  const withEpoch = (reply: Reply): Reply =>
    reply.kind !== 'ok' || reply.version === undefined || reply.epoch !== undefined
      ? reply
      : { ...reply, epoch }

  function handle(entry: HandlerEntry, item: RequestItem): Promise<Reply> {
    switch (entry.kind) {
      case 'command':
        return executor.execute(entry, item)
      case 'row-command':
        return rowExecutor?.execute(entry, item) ?? missing(`Nothing runs ${item.operation}`)
      case 'read':
        return read(entry, item, context)
      default:
        return entry satisfies never
    }
  }

  return (item) => {
    const isService = item.caller.kind === 'service'
    const entry = (isService ? handlers.internal : handlers.web).get(item.operation)
    if (entry !== undefined) return handle(entry, item).then(withEpoch)
    const isOfOthers = (isService ? handlers.web : handlers.internal).has(item.operation)
    // Only another release of the edge can know an operation that this one doesn't.
    return isOfOthers ? Promise.resolve(notAllowed) : missing(`No handler for ${item.operation}`)
  }
}

function missing(what: string): Promise<never> {
  return Promise.reject(new Fault('internal', what))
}

async function read(entry: ReadEntry, item: RequestItem, context: ReadContext): Promise<Reply> {
  const answer = await entry.handle(item.input, item.caller, contextOf(context, item))
  if (answer.kind === 'rejected') return answer
  const body: JsonObject | null = answer.body ?? null
  return answer.version === undefined ? { kind: 'ok', body } : { kind: 'ok', body, version: answer.version }
}

/** A handler under another name, of another service, or on the wrong side, is a bug that must not start. */
export function handlersOf(definition: ServiceDefinition): Handlers {
  const web = new Map(Object.entries(definition.handlers))
  const internal = new Map(Object.entries(definition.internals ?? {}))
  for (const [name, entry] of web) requireSound(definition, name, entry, 'web')
  for (const [name, entry] of internal) {
    requireSound(definition, name, entry, 'internal')
    if (web.has(name)) throw new Error(`${definition.name} answers ${name} to the web and to services`)
  }
  return { web, internal }
}

function requireSound(
  { name: service }: ServiceDefinition,
  name: string,
  { kind, operation }: HandlerEntry,
  side: keyof Handlers,
): void {
  const isSound =
    operation.name === name &&
    operation.service === service &&
    (operation.kind === 'command') === (kind !== 'read') &&
    'route' in operation === (side === 'web')
  if (!isSound) throw new Error(`The handler ${name} of ${service} is not one of this operation`)
}
