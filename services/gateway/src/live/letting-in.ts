import type { Caller } from '@matchday/contracts'
import type { Clock } from '@matchday/kernel'
import type { Access } from './access.ts'
import type { LiveChannel } from './channel.ts'
import type { ReplyErrorName } from './codes.ts'
import type { LoadPast } from './past-loader.ts'
import { encodeError, encodeSubscribeReply, type SubscribeCommand } from './protocol.ts'
import type { Session, Subscription } from './session.ts'
import type { LoadSnapshot } from './snapshot-loader.ts'

export type Refusal = { readonly error: ReplyErrorName; readonly code?: string }
/** `again`: it has changed meanwhile who may listen. */
export type LetIn = (
  session: Session,
  command: SubscribeCommand,
  subscription: Subscription,
) => Promise<'answered' | 'again' | Refusal>

const anyone: Caller = { kind: 'anyone' }
const gone: Refusal = { error: 'internal', code: 'unsubscribed' }

/**
 * Lets a socket into a channel, without a gap and without a duplicate between what was and what comes: 1 may he, 2 if
 * something was missed that is not kept, read it from the service's log, 3 answer from what is kept, 4 or read a
 * snapshot and answer from that. Answering lets in.
 */
export function createLetIn(parts: {
  access: Pick<Access, 'admit'>
  loadPast: LoadPast
  loadSnapshot: LoadSnapshot
  clock: Clock
}): LetIn {
  return async (session, command, subscription) => {
    const { channel } = subscription
    const { recover } = command
    const { accessRound } = channel
    const isAsBefore = () => accessRound === channel.accessRound
    let isFresh = false
    // Whoever comes back needs what he has missed in any case; if anybody may read that, nothing else is asked.
    if (recover !== null && channel.access === 'unknown' && !channel.isHeld && !channel.recovers(recover)) {
      await whileAnswering(channel, parts.loadPast(channel, recover, anyone))
    }
    if (channel.access !== 'open') {
      const admission = await whileAnswering(channel, parts.access.admit(channel, session.caller))
      if (!isCurrent(session, subscription)) return gone
      if (!isAsBefore()) return 'again'
      if (admission.kind !== 'loaded') return admission
      isFresh = true
    }
    const reader = channel.access === 'open' ? anyone : session.caller
    if (recover !== null && !channel.recovers(recover)) {
      await whileAnswering(channel, parts.loadPast(channel, recover, reader))
    }
    if (!isCurrent(session, subscription)) return gone
    if (!isAsBefore()) return 'again'
    if (answer(session, command, channel, isFresh, parts.clock)) return 'answered'
    const outcome = await whileAnswering(channel, parts.loadSnapshot(channel, reader))
    if (!isCurrent(session, subscription)) return gone
    if (outcome.kind !== 'loaded') return outcome
    if (!isAsBefore()) return 'again'
    return answer(session, command, channel, true, parts.clock) ? 'answered' : { error: 'internal' }
  }
}

/** True when the command is answered, false when a snapshot must be read first. */
function answer(
  session: Session,
  command: SubscribeCommand,
  channel: LiveChannel,
  freshEnough: boolean,
  clock: Clock,
): boolean {
  // Those who are in already get what is pending; the newcomer finds it in his answer.
  channel.flush()
  const found = channel.answer(command.recover, freshEnough)
  if (found === null) return false
  if (command.recover !== null && !found.recovered && command.rejectUnrecovered) {
    session.forget(channel.name)
    session.send(encodeError(command.id, 'unrecoverable-position'))
    return true
  }
  channel.add(session, found, clock.monotonicMs())
  session.send(encodeSubscribeReply(command.id, found))
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

export function isCurrent(session: Session, subscription: Subscription): boolean {
  return session.subscriptions?.get(subscription.channel.name) === subscription
}
