import assert from 'node:assert/strict'
import type { Caller, ErrorCode } from '@matchday/contracts'
import type { CommandHandler, Decision, DomainEvent, Json } from '@matchday/kernel'

/** What is asked for after the given events. */
export type Asked<Input, Facts> = {
  readonly input: Input
  readonly facts: Facts
  /** Nobody in particular when left out. */
  readonly caller?: Caller
  readonly now?: string
  readonly expectedVersion?: number
}

export type Outcome<Event extends DomainEvent, Code extends ErrorCode> = {
  readonly decision: Decision<Event, Code>
  /** Accepted, with exactly these events. */
  thenEvents(...events: readonly Event[]): void
  thenRejected(code: Code): void
}

export const givenAt = '2025-06-01T12:00:00.000Z'
const givenStream = '01970000-0000-7000-8000-000000000001'

/**
 * Tests of a command read as given (what happened) / when (what is asked for) / then (what follows):
 * `given(created, joined).when({ input, facts }).thenEvents(picked)`. No database, no clock, no waiting.
 */
export function givenWhenThen<
  State extends Json,
  Event extends DomainEvent,
  Input,
  Output,
  Code extends ErrorCode,
  Facts,
>(handler: CommandHandler<State, Event, Input, Output, Code, Facts>) {
  const given = (...events: readonly Event[]) => ({
    when({ input, facts, caller = { kind: 'anyone' }, now = givenAt, expectedVersion }: Asked<Input, Facts>) {
      const state = events.reduce<State>(
        (before, event, index) =>
          frozen(
            handler.decider.evolve(before, event, { stream: givenStream, version: index + 1, at: givenAt }),
          ),
        frozen(handler.decider.initial()),
      )
      const command = frozen({ input, facts, caller, now, expectedVersion })
      return outcomeOf(handler.decide(state, command, { version: events.length }))
    },
  })
  return { given }
}

function outcomeOf<Event extends DomainEvent, Code extends ErrorCode>(
  decision: Decision<Event, Code>,
): Outcome<Event, Code> {
  return {
    decision,
    thenEvents(...events) {
      assert(decision.kind === 'accepted', `rejected: ${decision.kind === 'rejected' ? decision.code : ''}`)
      assert.deepEqual(decision.events, events)
    },
    thenRejected(code) {
      assert(decision.kind === 'rejected', 'accepted')
      assert.equal(decision.code, code)
    },
  }
}

/** A decider that changes what it was given fails at once, not when somebody else reads it. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}
