import type { ErrorCode } from '@matchday/contracts'
import type { Rejection } from '@matchday/kernel'

/** The machinery's shape of a refusal (types are all that the domain knows of it). */
export type Rejected<Code extends ErrorCode> = Rejection<Code>

export function rejected<Code extends ErrorCode>(code: Code): Rejected<Code> {
  return { kind: 'rejected', code }
}

export function isRejected<Value extends object, Code extends ErrorCode>(
  value: Value | Rejected<Code>,
): value is Rejected<Code> {
  return 'kind' in value && value.kind === 'rejected'
}
