import type { Caller } from '@matchday/contracts'
import type { CommandEntry, Decision, DomainEvent, JsonObject, PrepareContext } from '@matchday/kernel'
import { givenAt, givenWhenThen } from '@matchday/testkit'
import type { TournamentEvent } from '../domain/event.ts'
import type { TournamentState } from '../domain/state.ts'
import { defineTournaments } from '../service.ts'
import { type ModelOrganizations, modelOrganizations } from './model-organizations.ts'
import { type AnyOperationName, fold } from './model-system.ts'
import { seedOfAttempt } from './past.ts'
import { accountIdOf, numberedId, people, playerId, tournamentId } from './people.ts'
import { testPasses } from './test-passes.ts'

/** All that a past could have kept: the seeds of its draws, and everybody's account. */
const secrets = new Map([
  ...Array.from({ length: 20 }, (_, index) => [`draw-seed-${index + 1}`, seedOfAttempt(index + 1)] as const),
  ...people.map((name) => [`account:${playerId(name)}`, accountIdOf(name)] as const),
])

/** The service with nothing random in it: new ids, join codes and seeds are always the same. */
const plainService = () =>
  defineTournaments({
    ...testPasses,
    newId: <Kind extends string>() => numberedId<Kind>(77),
    randomHex256: () => seedOfAttempt(2),
    randomJoinCode: () => 'QRSTVW',
  })

export function commandEntry(operation: AnyOperationName): CommandEntry {
  // Each time anew: what it remembers of one past is not true of another.
  const service = plainService()
  const entry = service.handlers[operation] ?? service.internals?.[operation]
  if (entry?.kind !== 'command') throw new Error(`${operation} is no command`)
  return entry
}

export function stateAfter(past: readonly TournamentEvent[]): TournamentState {
  return fold(
    past.map((event, index) => ({ ...event, stream: tournamentId, version: index + 1, at: givenAt, by: '' })),
  )
}

export type Asked = {
  input?: JsonObject
  by: Caller
  expectedVersion?: number
  organizations?: ModelOrganizations
}

/** Decides one command after a past. `input` lacks the tournament's id, which is always the same. */
export async function when(
  past: readonly TournamentEvent[],
  operation: AnyOperationName,
  { input = {}, by, expectedVersion, organizations = modelOrganizations() }: Asked,
): Promise<Decision<DomainEvent>> {
  const { handler } = commandEntry(operation)
  const target = operation === 'createTournament' ? input : { id: tournamentId, ...input }
  const facts = await handler.prepare(target, contextAfter(past, by, organizations))
  const asked = { input: target, facts, caller: by }
  return givenWhenThen(handler)
    .given(...past)
    .when(expectedVersion === undefined ? asked : { ...asked, expectedVersion }).decision
}

function contextAfter(
  past: readonly TournamentEvent[],
  caller: Caller,
  { ask, rows }: ModelOrganizations,
): PrepareContext {
  return {
    caller,
    address: undefined,
    secrets: async () => secrets,
    // Whoever asks for the state of a tournament asks by its decider.
    state: async () =>
      past.length === 0 ? null : { state: stateAfter(past) as never, version: past.length },
    rows,
    ask,
  }
}

/** What is shown of an accepted decision to whoever sent the command. */
export async function shown(
  operation: AnyOperationName,
  decision: Promise<Decision<DomainEvent>>,
  input: JsonObject,
  version: number,
) {
  const made = await decision
  if (made.kind !== 'accepted') throw new Error(`rejected: ${made.code}`)
  const { handler } = commandEntry(operation)
  const facts = await handler.prepare(input, contextAfter([], { kind: 'anyone' }, modelOrganizations()))
  return handler.present(made.answer, version, { input, facts })
}

export async function eventsOf(decision: Promise<Decision<DomainEvent>>): Promise<readonly DomainEvent[]> {
  const made = await decision
  if (made.kind !== 'accepted') throw new Error(`rejected: ${made.code} ${made.detail ?? ''}`)
  return made.events
}

export async function codeOf(decision: Promise<Decision<DomainEvent>>): Promise<string> {
  const made = await decision
  return made.kind === 'rejected' ? made.code : 'accepted'
}
