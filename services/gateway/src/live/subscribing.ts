import type { ChannelRegistry } from './channel-registry.ts'
import type { ReplyErrorName } from './codes.ts'
import { isCurrent, type LetIn } from './letting-in.ts'
import type { LiveLimits } from './limits.ts'
import { encodeError, encodeReply, type SubscribeCommand } from './protocol.ts'
import type { Session } from './session.ts'

export type Subscribing = {
  subscribe(session: Session, command: SubscribeCommand): Promise<void>
  unsubscribe(session: Session, command: { id: number; channel: string }): void
}

/** What a socket may listen to, and what it does. */
export function createSubscribing(parts: {
  registry: ChannelRegistry
  letIn: LetIn
  limits: LiveLimits
}): Subscribing {
  const { registry, limits } = parts

  async function subscribe(session: Session, command: SubscribeCommand): Promise<void> {
    const refuse = (name: ReplyErrorName, code?: string) => session.send(encodeError(command.id, name, code))

    const named = registry.parse(command.channel)
    if (named === null) return refuse('unknown-channel')
    session.subscriptions ??= new Map()
    if (session.subscriptions.has(command.channel)) return refuse('already-subscribed')
    if (session.subscriptions.size >= limits.subscriptionsPerSocketMax) return refuse('limit-exceeded')
    const channel = registry.open(named.contract, named.id)
    if (channel === null) return refuse('internal', 'overloaded')

    const subscription = { channel }
    session.subscriptions.set(channel.name, subscription)
    let outcome = await parts.letIn(session, command, subscription)
    for (let attempt = 2; outcome === 'again' && attempt <= limits.accessAttemptsMax; attempt++) {
      outcome = await parts.letIn(session, command, subscription)
    }
    if (outcome === 'answered') return
    if (isCurrent(session, subscription)) session.forget(channel.name)
    registry.forgetIfUnknown(channel)
    if (outcome === 'again') refuse('internal')
    else refuse(outcome.error, outcome.code)
  }

  function unsubscribe(session: Session, command: { id: number; channel: string }): void {
    const subscription = session.subscriptions?.get(command.channel)
    if (subscription) {
      session.forget(command.channel)
      subscription.channel.remove(session)
    }
    session.send(encodeReply(command.id, 'unsubscribe', '{}'))
  }

  return { subscribe, unsubscribe }
}
