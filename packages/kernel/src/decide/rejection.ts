import type { ErrorCode, FieldProblem } from '@matchday/contracts'

/** A rule says no. */
export type Rejection<Code extends ErrorCode = ErrorCode> = {
  readonly kind: 'rejected'
  readonly code: Code
  readonly detail?: string
  readonly fields?: readonly FieldProblem[]
  /** For codes that pass by themselves. */
  readonly retryAfterS?: number
}
