import type { Caller, OperationName } from '@matchday/contracts'
import type { CommandEntry, Decision, DomainEvent, JsonObject } from '@matchday/kernel'
import type { TournamentEvent } from '../domain/event.ts'
import { type TournamentState, tournament } from '../domain/tournament.ts'
import { defineTournaments } from '../service.ts'
import { deepFreeze } from './deep-freeze.ts'
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

/** Folds a past; every state is frozen, so that folding can't change what somebody else still holds. */
export function stateAfter(past: readonly TournamentEvent[]): TournamentState {
  return past.reduce<TournamentState>(
    (state, event, index) =>
      deepFreeze(
        tournament.evolve(state, event, {
          stream: tournamentId,
          version: index + 1,
          at: '2025-06-01T12:00:00.000Z',
        }),
      ),
    deepFreeze(tournament.initial()),
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
  const command = {
    input: deepFreeze(target),
    caller: by,
    now: '2025-06-01T12:00:00.000Z',
    expectedVersion,
    facts,
  }
  return handler.decide(stateAfter(past), command, { version: past.length })
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
