import { type FaultCode, faultCodes } from '@matchday/contracts'
import { Fault } from '../fault.ts'
import type { Reply } from '../message.ts'

export type FaultReply = Extract<Reply, { kind: 'fault' }>

/** Faults after which the same request, with the same id, may be sent again. */
const retryableCodes: ReadonlySet<FaultCode> = new Set<FaultCode>(['overloaded', 'unavailable', 'timed-out'])

/** A fault as an answer. */
export function faultReply(code: FaultCode): FaultReply {
  return { kind: 'fault', code, retryable: retryableCodes.has(code) }
}

/** What was thrown as an answer: a fault keeps its code when it is a public one, everything else is `internal`. */
export function faultReplyOf(error: unknown): FaultReply {
  if (!(error instanceof Fault) || !isFaultCode(error.code)) return faultReply('internal')
  return { kind: 'fault', code: error.code, retryable: error.retryable }
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faultCodes, code)
}
