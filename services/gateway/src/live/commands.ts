import type { Clock, Log } from '@matchday/kernel'
import type { Authentication } from './authentication.ts'
import type { LiveLimits } from './limits.ts'
import { type Command, encodeError, encodeReply, parseCommand } from './protocol.ts'
import type { PublishCommand } from './publishing.ts'
import type { Disconnect, Session } from './session.ts'
import type { Subscribing } from './subscribing.ts'

export type Commands = {
  /** A WebSocket message: one command a line. */
  receive(session: Session, text: string): void
  /** Counts a control frame, which is as much work as a command; false when it was one too many. */
  receiveControl(session: Session): boolean
  /** Runs what waited for `connect`. */
  runWaiting(session: Session): void
}

/** From what a client sent to who does it. Whatever arrives, the process goes on. */
export function createCommands(parts: {
  authentication: () => Authentication
  subscribing: Subscribing
  publish: (session: Session, command: PublishCommand) => Promise<void>
  disconnect: Disconnect
  limits: LiveLimits
  clock: Clock
  log: Log
}): Commands {
  const { disconnect, limits, clock } = parts

  function isWithinRate(session: Session): boolean {
    session.missedPongs = 0
    if (session.messages.take(clock.monotonicMs(), limits.messagesPerSecondMax, limits.messagesBurstMax)) {
      return true
    }
    disconnect(session, 'too-many-requests')
    return false
  }

  function receive(session: Session, text: string): void {
    for (const line of text.split('\n')) {
      if (session.phase === 'closed' || !isWithinRate(session)) return
      if (line.trim() === '') continue
      const command = parseCommand(line)
      if (command === null) disconnect(session, 'bad-request')
      else run(session, command)
    }
  }

  function run(session: Session, command: Command): void {
    if (command.method === 'connect') {
      if (session.phase !== 'new') disconnect(session, 'bad-request')
      else guard(session, parts.authentication().connect(session, command))
    } else if (session.phase === 'new') disconnect(session, 'bad-request')
    else if (session.phase === 'connecting') wait(session, command)
    else if (session.phase === 'open') runOpen(session, command)
  }

  function runOpen(session: Session, command: Exclude<Command, { method: 'connect' }>): void {
    switch (command.method) {
      case 'pong':
        break
      case 'subscribe':
        guard(session, parts.subscribing.subscribe(session, command))
        break
      case 'unsubscribe':
        parts.subscribing.unsubscribe(session, command)
        break
      case 'publish':
        guard(session, parts.publish(session, command))
        break
      case 'refresh':
        guard(session, parts.authentication().refresh(session, command))
        break
      case 'ping':
        session.send(encodeReply(command.id, 'ping', '{}'))
        break
      case 'send':
        disconnect(session, 'not-available')
        break
      case 'not-available':
        session.send(encodeError(command.id, 'not-available'))
        break
      case 'unknown':
        session.send(encodeError(command.id, 'unknown-method'))
        break
      default:
        command satisfies never
    }
  }

  function wait(session: Session, command: Command): void {
    session.waiting ??= []
    if (session.waiting.length >= limits.waitingCommandsMax) disconnect(session, 'too-many-requests')
    else session.waiting.push(command)
  }

  function guard(session: Session, work: Promise<void>): void {
    work.catch((error: unknown) => {
      parts.log.error({ err: error }, 'a live command failed')
      disconnect(session, 'internal')
    })
  }

  return {
    receive,
    receiveControl: isWithinRate,
    runWaiting(session) {
      const waiting = session.waiting ?? []
      session.waiting = null
      for (const command of waiting) run(session, command)
    },
  }
}
