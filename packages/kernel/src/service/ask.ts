import type { InputOf, InternalOperation, OutputOf, RejectionOf } from '@matchday/contracts'
import type { Rejection } from '../decide/rejection.ts'

/**
 * Asks another service. Throws Fault `unavailable` (retryable) when it can't be reached, or does not answer in time:
 * what depends on it fails, rather than goes on without.
 */
export type Ask = <const O extends InternalOperation>(
  operation: O,
  input: InputOf<O>,
) => Promise<{ readonly kind: 'ok'; readonly body: OutputOf<O> } | Rejection<RejectionOf<O>>>
