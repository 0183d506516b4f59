import type { Clock } from '@matchday/kernel'
import type { LiveChannel } from './channel.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import type { ReplyErrorName } from './codes.ts'
import type { LiveLimits } from './limits.ts'
import type { LoadPast } from './past-loader.ts'
import { encodeError, encodeReply, encodeSubscribeReply, type SubscribeCommand } from './protocol.ts'
import type { Session, Subscription } from './session.ts'
import type { LoadSnapshot } from './snapshot-loader.ts'

export type Subscribing = {
  subscribe(session: Session, command: SubscribeCommand): Promise<void>
  unsubscribe(session: Session, command: { id: number; channel: string }): void
}

/** Lets sockets into channels, without a gap and without a duplicate between what was and what comes. */
export function createSubscribing(parts: {
  registry: ChannelRegistry
  loadPast: LoadPast
  loadSnapshot: LoadSnapshot
  limits: LiveLimits
  clock: Clock
}): Subscribing {
  const { registry, limits, clock } = parts

  /**
   * 1 check, 2 if something was missed that is not kept, read it from the service's log, 3 answer from what is kept,
   * 4 or read a snapshot and answer from that. Answering lets in.
   */
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
    const gone = () => {
      registry.forgetIfUnknown(channel)
      return refuse('internal', 'unsubscribed')
    }
    if (command.recover !== null && !channel.recovers(command.recover)) {
      await whileAnswering(channel, parts.loadPast(channel, command.recover))
      if (!isCurrent(session, subscription)) return gone()
    }
    if (letIn(session, command, subscription, false)) return
    const outcome = await whileAnswering(channel, parts.loadSnapshot(channel))
    if (!isCurrent(session, subscription)) return gone()
    if (outcome.kind === 'loaded' && letIn(session, command, subscription, true)) return
    session.forget(channel.name)
    registry.forgetIfUnknown(channel)
    if (outcome.kind === 'failed') refuse(outcome.error, outcome.code)
    else refuse('internal')
  }

  /** True when the command is answered, false when a snapshot must be read first. */
  function letIn(
    session: Session,
    command: SubscribeCommand,
    subscription: Subscription,
    freshEnough: boolean,
  ): boolean {
    const { channel } = subscription
    // Those who are in already get what is pending; the newcomer finds it in his answer.
    channel.flush()
    const answer = channel.answer(command.recover, freshEnough)
    if (answer === null) return false
    if (command.recover !== null && !answer.recovered && command.rejectUnrecovered) {
      session.forget(channel.name)
      session.send(encodeError(command.id, 'unrecoverable-position'))
      return true
    }
    channel.add(session, answer, clock.monotonicMs())
    session.send(encodeSubscribeReply(command.id, answer))
    return true
  }

  /** The channel must not be forgotten meanwhile. */
  async function whileAnswering<Result>(channel: LiveChannel, work: Promise<Result>): Promise<Result> {
    channel.answering++
    try {
      return await work
    } finally {
      channel.answering--
    }
  }

  function isCurrent(session: Session, subscription: Subscription): boolean {
    return session.subscriptions?.get(subscription.channel.name) === subscription
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
