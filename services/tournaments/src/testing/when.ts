import type { Caller, OperationName } from '@matchday/contracts'
import type { CommandEntry, Decision, DomainEvent, JsonObject } from '@matchday/kernel'
import { givenAt, givenWhenThen } from '@matchday/testkit'
import type { TournamentEvent } from '../domain/event.ts'
import type { TournamentState } from '../domain/state.ts'
import { defineTournaments } from '../service.ts'
import { fold } from './model-system.ts'
import { seedOfAttempt } from './past.ts'
import { numberedId, tournamentId } from './people.ts'

const secrets = new Map(
  Array.from({ length: 20 }, (_, index) => [`draw-seed-${index + 1}`, seedOfAttempt(index + 1)]),
)

/** The service with nothing random in it: new ids, join codes and seeds are always the same. */
export const plainService = defineTournaments({
  signPass: (caller) => `signed ${JSON.stringify(caller)}`,
  joinUrl: (code) => `https://matchday.test/j/${code}`,
  newId: <Kind extends string>() => numberedId<Kind>(77),
  randomHex256: () => seedOfAttempt(2),
  randomJoinCode: () => 'QRSTVW',
})

export function commandEntry(operation: OperationName): CommandEntry {
  const entry = plainService.handlers[operation]
  if (entry?.kind !== 'command') throw new Error(`${operation} is no command`)
  return entry
}

export function stateAfter(past: readonly TournamentEvent[]): TournamentState {
  return fold(
    past.map((event, index) => ({ ...event, stream: tournamentId, version: index + 1, at: givenAt, by: '' })),
  )
}

export type Asked = { input?: JsonObject; by: Caller; expectedVersion?: number }

/** Decides one command after a past. `input` lacks the tournament's id, which is always the same. */
export async function when(
  past: readonly TournamentEvent[],
  operation: OperationName,
  { input = {}, by, expectedVersion }: Asked,
): Promise<Decision<DomainEvent>> {
  const { handler } = commandEntry(operation)
  const target = operation === 'createTournament' ? input : { id: tournamentId, ...input }
  const facts = await handler.prepare(target, { secrets: async () => secrets })
  const asked = { input: target, facts, caller: by }
  return givenWhenThen(handler)
    .given(...past)
    .when(expectedVersion === undefined ? asked : { ...asked, expectedVersion }).decision
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
