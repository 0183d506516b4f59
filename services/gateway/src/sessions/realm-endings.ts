import type { Realm } from '@matchday/contracts'
import type { Bus, Clock, EventMessage, JsonObject, Log } from '@matchday/kernel'
import { type AskAsEdge, edgeItself } from './asking.ts'
import type { Ended } from './credential.ts'
import type { DenyList } from './deny-list.ts'
import { realmSources } from './realm-sources.ts'
import { type Repeating, repeat } from './repeating.ts'
import type { SessionLimits } from './session-limits.ts'

/** Of an account that is gone no generation is good. */
const never = Number.MAX_SAFE_INTEGER

/**
 * Keeps a deny list as the realm's service has it: from its events at once, and from what it says ended lately, for
 * events get lost. What is new is told.
 */
export function keepRealmEndings(parts: {
  realm: Realm
  denyList: DenyList
  limits: SessionLimits
  ask: AskAsEdge
  bus: Pick<Bus, 'subscribeEvents' | 'onState'>
  clock: Clock
  log: Log
  onEnded: (ended: Ended) => void
}): Pick<Repeating, 'hasWorked' | 'close'> {
  const { realm, denyList, limits, clock, log, onEnded } = parts
  const { service, revocations } = realmSources[realm]

  function endAccount(id: string, generation: number): void {
    if (denyList.endAccount(id, generation, clock.now())) onEnded({ what: 'account', id })
  }

  function endSession(id: string): void {
    if (denyList.endSession(id, clock.now())) onEnded({ what: 'session', id })
  }

  function take({ type, stream, data }: EventMessage): void {
    if (type === 'sessions-ended' && typeof data.generation === 'number') endAccount(stream, data.generation)
    else if (type === 'account-deleted') endAccount(stream, never)
    else if (type === 'session-ended' && typeof data.sessionId === 'string') endSession(data.sessionId)
  }

  /** One page; null when it is none. */
  function takePage(body: JsonObject | null): { next: string | null } | null {
    const { accounts, sessions, next } = body ?? {}
    if (!Array.isArray(accounts) || !Array.isArray(sessions)) return null
    for (const account of accounts) {
      if (typeof account !== 'object' || account === null || !('accountId' in account)) return null
      const { accountId, generation } = account
      if (typeof accountId !== 'string' || typeof generation !== 'number') return null
      endAccount(accountId, generation)
    }
    for (const session of sessions) if (typeof session === 'string') endSession(session)
    return { next: typeof next === 'string' ? next : null }
  }

  async function load(): Promise<string | null> {
    denyList.sweep(clock.now())
    let after: string | null = null
    for (let pages = 0; pages < limits.endedPagesMax; pages++) {
      const reply = await parts.ask(revocations, after === null ? {} : { after }, edgeItself)
      if (reply.kind !== 'ok') return reply.code
      const page: { next: string | null } | null = takePage(reply.body)
      if (page === null) return 'no page'
      if (page.next === null) return null
      after = page.next
    }
    return 'more than can be read'
  }

  // Before the first load, so that nothing can end in between.
  const events = parts.bus.subscribeEvents({ service }, (batch) => batch.forEach(take))
  const loading = repeat(load, {
    everyMs: limits.endedPollMs,
    retryMs: limits.retryMs,
    tell: (problem, level) => log[level]({ realm, problem }, 'what has ended could not be asked for'),
  })
  const state = parts.bus.onState((now) => {
    // What was said while nobody could hear it.
    if (now === 'up') void loading.now()
  })
  return {
    get hasWorked() {
      return loading.hasWorked
    },
    close() {
      events.close()
      state.close()
      loading.close()
    },
  }
}
