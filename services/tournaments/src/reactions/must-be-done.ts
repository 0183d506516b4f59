import { Fault, type Reply } from '@matchday/kernel'

/** A rejection says that there is nothing to do; a fault, that it has to be tried again. Throws Fault `unavailable`. */
export function mustBeDone(reply: Reply): void {
  if (reply.kind === 'fault') throw new Fault('unavailable', `not done: ${reply.code}`, { retryable: true })
}
