import type { OperationName } from '@matchday/contracts'
import { newId } from '@matchday/contracts/ids'
import { signal } from '@preact/signals'
import type { Answer, Api } from '../api/client.ts'
import type { Heard } from '../api/use-command.ts'
import type { Stored } from '../device/storage.ts'
import { factsFrom, isOver, type SessionAnswer, type SessionFacts } from './facts.ts'

/** What renewing a session answers, in either realm. */
type Renewed = Answer<'renewStaffSession' | 'renewPlayerSession'>

export type KeeperWorld<Known extends OperationName> = {
  api: Api<Known>
  facts: Stored<SessionFacts>
  renew: () => Promise<Renewed>
  /** Runs `work` while no other tab runs its own. */
  exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>
  now: () => number
}

/**
 * Calls operations with the session of this browser, and keeps it alive: access is renewed when its end is known to
 * have come, and once when the server says so. One renewal at a time, over all tabs: whoever waited finds it done.
 */
export function sessionKeeper<Known extends OperationName>(world: KeeperWorld<Known>) {
  const { api, facts, exclusively } = world
  /** The server has ended the session, and nobody here: who comes back is told why he has to sign in again. */
  const wasEnded = signal(false)
  let renewing: Promise<boolean> | undefined

  const begin = (answer: SessionAnswer, heard: Heard) => {
    wasEnded.value = false
    facts.set(factsFrom(answer, heard))
  }
  const end = () => facts.set(null)

  const renewNow = async (stale: SessionFacts): Promise<boolean> => {
    const current = facts.fresh()
    if (current === null) return false
    if (current.accessUntilMs !== stale.accessUntilMs) return true
    const answer = await world.renew()
    // Whoever signed out in the meantime stays signed out.
    if (facts.fresh()?.sessionId !== current.sessionId) return false
    if (answer.ok) {
      begin(answer.value, answer)
      return true
    }
    if (isEnd(answer.problem.code)) {
      wasEnded.value = true
      end()
    }
    return false
  }

  const renew = (stale: SessionFacts): Promise<boolean> => {
    renewing ??= exclusively(() => renewNow(stale)).finally(() => {
      renewing = undefined
    })
    return renewing
  }

  /** Sees to it that the cookie is good now, if there is a session at all. Throws an `ApiFault` like any call. */
  const freshen = async (): Promise<SessionFacts | null> => {
    const known = facts.fresh()
    if (known !== null && isOver(known, world.now())) await renew(known)
    return facts.fresh()
  }

  const call: Api<Known> = async (name, input, options = {}) => {
    // A token that is given speaks for itself; cookies are not looked at then.
    if (options.token !== undefined) return api(name, input, options)
    const requestId = options.requestId ?? newId()
    const used = await freshen()
    const answer = await api(name, input, { ...options, requestId })
    if (answer.ok || used === null || !isEnd(answer.problem.code)) return answer
    // Ended elsewhere, or this device's clock went wrong: once more with a new cookie, or not at all.
    return (await renew(used)) ? api(name, input, { ...options, requestId }) : answer
  }

  return { facts, wasEnded, begin, end, freshen, call }
}

function isEnd(code: string): boolean {
  return code === 'not-authenticated' || code === 'session-ended'
}
