import type { FieldProblem, RejectionCode } from '@matchday/contracts'
import type { TournamentEvent } from './event.ts'

/**
 * What a decision can be, in the domain's own words: the domain knows no machinery. The shapes are those that
 * the machinery expects; the compiler compares them where a command is declared.
 */
export type Rejected<Code extends RejectionCode> = {
  readonly kind: 'rejected'
  readonly code: Code
  readonly detail?: string
  readonly fields?: readonly FieldProblem[]
}

/**
 * A key that nobody else may hold. `otherwise`: the answer when another stream holds it; without, decide
 * again.
 */
export type Claim<Code extends RejectionCode> = string | { readonly key: string; readonly otherwise: Code }

export type Accepted<Answer, Code extends RejectionCode> = {
  readonly kind: 'accepted'
  readonly events: readonly TournamentEvent[]
  readonly answer: Answer
  readonly claims?: readonly Claim<Code>[]
  readonly releases?: readonly string[]
  readonly secrets?: readonly { readonly name: string; readonly value: string }[]
  readonly basis?: 'version' | 'fence'
  readonly essential?: boolean
}

export type Decided<Answer, Code extends RejectionCode> = Accepted<Answer, Code> | Rejected<Code>

export function rejected<Code extends RejectionCode>(code: Code, detail?: string): Rejected<Code> {
  return detail === undefined ? { kind: 'rejected', code } : { kind: 'rejected', code, detail }
}

export function isRejected<Value extends object, Code extends RejectionCode>(
  value: Value | Rejected<Code>,
): value is Rejected<Code> {
  return 'kind' in value && value.kind === 'rejected'
}
