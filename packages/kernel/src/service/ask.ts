import {
  type InputOf,
  type InternalOperation,
  newId,
  type OutputOf,
  type RejectionOf,
} from '@matchday/contracts'
import type { FaultReply } from '../bus/fault-reply.ts'
import type { Requester } from '../bus/requester-port.ts'
import { Fault } from '../fault.ts'
import type { JsonObject, Reply } from '../message.ts'

/**
 * Asks another service. Throws Fault `unavailable` (retryable) when it can't be reached, or does not answer in time:
 * what depends on it fails, rather than goes on without.
 */
export type Ask = <const O extends InternalOperation>(
  operation: O,
  input: InputOf<O>,
) => Promise<Answered<OutputOf<O>> | Refused<RejectionOf<O>>>
type Answered<Output> = { readonly kind: 'ok'; readonly body: Output }
/** As the other service said it. */
type Refused<Code> = Extract<Reply, { kind: 'rejected' }> & { readonly code: Code }

export const askLimits = {
  /** Whoever waits for the answer has five seconds for all of his own work. */
  timeoutMs: 2_000,
} as const

export type AskOptions = {
  readonly requester: Pick<Requester, 'request'>
  /** Who asks. */
  readonly service: string
  /** Whom it may ask; the broker lets it ask nobody else. */
  readonly asks: readonly string[]
  readonly timeoutMs?: number
}

export function createAsk(options: AskOptions): Ask {
  const { requester, service, asks, timeoutMs = askLimits.timeoutMs } = options
  const caller = { kind: 'service', service } as const
  return async <const O extends InternalOperation>(operation: O, input: InputOf<O>) => {
    assertMayAsk(operation, service, asks)
    // Its contract types the input, and whoever answers is trusted to give what it promises.
    const call = { id: newId(), input: input as JsonObject, caller, timeoutMs }
    const reply = await requester.request(operation, call)
    switch (reply.kind) {
      case 'ok':
        return { kind: 'ok', body: reply.body ?? undefined } as Answered<OutputOf<O>>
      case 'rejected':
        return reply as Refused<RejectionOf<O>>
      case 'fault':
        throw faultOf(operation, reply)
      default:
        return reply satisfies never
    }
  }
}

/** For a service that was given nobody to ask. */
export const askNobody: Ask = (operation) =>
  Promise.reject(new Fault('unavailable', `Nobody can be asked ${operation.name} here`, { retryable: true }))

/** Either would work in one process and be refused by the broker. */
function assertMayAsk(operation: InternalOperation, service: string, asks: readonly string[]): void {
  const { name, kind, service: asked } = operation
  if (!asks.includes(asked))
    throw new Error(`${service} asks ${asked} ${name}, and is not to ask it anything`)
  if (kind !== 'query') throw new Error(`${service} asks ${asked} to do ${name}: only queries are asked`)
}

function faultOf({ service, name }: InternalOperation, { code, retryable }: FaultReply): Fault {
  const text = `${service} was asked ${name}: ${code}`
  // A bug over there is not mended by asking again.
  return retryable ? new Fault('unavailable', text, { retryable }) : new Fault('internal', text)
}
