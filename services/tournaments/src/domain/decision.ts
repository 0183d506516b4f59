import type { RejectionCode } from '@matchday/contracts'
import type { Acceptance, JsonObject, Rejection } from '@matchday/kernel'
import type { TournamentEvent } from './event.ts'

/** What can be decided: the machinery's shapes (types are all that the domain knows of it), with a typed answer. */
export type Decided<Answer extends JsonObject, Code extends RejectionCode> =
  | Accepted<Answer, Code>
  | Rejection<Code>
export type Accepted<Answer extends JsonObject, Code extends RejectionCode = never> = Acceptance<
  TournamentEvent,
  Code
> & { readonly answer: Answer }
export type Rejected<Code extends RejectionCode> = Rejection<Code>

export function rejected<Code extends RejectionCode>(code: Code, detail?: string): Rejected<Code> {
  return detail === undefined ? { kind: 'rejected', code } : { kind: 'rejected', code, detail }
}

export function isRejected<Value extends object, Code extends RejectionCode>(
  value: Value | Rejected<Code>,
): value is Rejected<Code> {
  return 'kind' in value && value.kind === 'rejected'
}
