import type { Realm } from '@matchday/contracts/roles'
import type { Heard } from '../api/use-command.ts'
import { isObject, type Stored, stored } from '../device/storage.ts'

/**
 * What this device knows of a session: that there is one, whose, and how long its access lasts by this device's own
 * clock. The tokens themselves are in cookies that no script can read. All tabs share it, so who signs out in one has
 * signed out in all.
 */
export type SessionFacts = {
  accountId: string
  sessionId: string
  accessUntilMs: number
}

/** What the server says when a session begins or is renewed. */
export type SessionAnswer = {
  readonly accountId: string
  readonly sessionId: string
  readonly accessExpiresAt: string
}

/** Access is renewed so long before its end: a request is on its way for a while. */
const earlyMs = 15_000

export function factsOf(realm: Realm): Stored<SessionFacts> {
  return stored(`session.${realm}`, isFacts)
}

/** Clocks of devices are wrong by minutes: what counts is how long the access lasts, not until when. */
export function factsFrom(answer: SessionAnswer, { atMs, saidAtMs }: Heard): SessionFacts {
  const { accountId, sessionId, accessExpiresAt } = answer
  const lastsMs = Date.parse(accessExpiresAt) - (Number.isNaN(saidAtMs) ? atMs : saidAtMs)
  return { accountId, sessionId, accessUntilMs: atMs + lastsMs }
}

export function isOver(facts: SessionFacts, nowMs: number): boolean {
  return nowMs >= facts.accessUntilMs - earlyMs
}

function isFacts(value: unknown): value is SessionFacts {
  return (
    isObject(value) &&
    typeof value.accountId === 'string' &&
    typeof value.sessionId === 'string' &&
    typeof value.accessUntilMs === 'number'
  )
}
