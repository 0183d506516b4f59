import type { TournamentId } from '@matchday/contracts'
import { Fault, type RecordedEvent, type Reply } from '@matchday/kernel'

/** The same each time that the event is reacted to. */
export function commandIdOf({ stream, version }: RecordedEvent, id: TournamentId): string {
  return `${stream}.${version}.${id}`
}

/** A rejection says that there is nothing to do; a fault, that it has to be tried again. Throws Fault `unavailable`. */
export function mustBeDone(reply: Reply): void {
  if (reply.kind === 'fault') throw new Fault('unavailable', `not done: ${reply.code}`, { retryable: true })
}
