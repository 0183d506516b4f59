import type { Log } from '@matchday/kernel'
import type { WebSocket } from 'ws'
import type { Commands } from './commands.ts'
import type { Heartbeat } from './heartbeat.ts'
import { type Disconnect, LiveSocket, type Session } from './session.ts'
import type { Sessions } from './sessions.ts'

/** Answers with a function that listens to a socket. The listeners are the same functions for all sockets. */
export function createListeners(parts: {
  sessions: Sessions
  disconnect: Disconnect
  commands: Commands
  heartbeat: Heartbeat
  log: Log
}): (socket: LiveSocket) => void {
  const { sessions, disconnect, commands, log } = parts

  function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
    const session = sessionOf(this)
    if (!session || session.phase === 'closed') return
    try {
      if (isBinary || !Buffer.isBuffer(data)) disconnect(session, 'bad-request')
      else commands.receive(session, data.toString('utf8'))
    } catch (error) {
      log.error({ err: error }, 'a live message failed')
      disconnect(session, 'internal')
    }
  }

  function onPing(this: WebSocket, data: Buffer): void {
    const session = sessionOf(this)
    if (!session || session.phase === 'closed') return
    // Pongs are ours to send, so that a flood of pings is held to the rate of everything else.
    if (commands.receiveControl(session) && this.readyState === this.OPEN) this.pong(data)
  }

  function onPong(this: WebSocket): void {
    const session = sessionOf(this)
    if (session && session.phase !== 'closed') commands.receiveControl(session)
  }

  function onError(this: WebSocket, error: Error): void {
    log.debug({ err: error }, 'a socket broke the protocol or broke off')
  }

  function onClose(this: WebSocket): void {
    const session = sessionOf(this)
    if (!session) return
    parts.heartbeat.remove(session)
    sessions.remove(session)
  }

  return (socket) => {
    socket.on('message', onMessage)
    socket.on('ping', onPing)
    socket.on('pong', onPong)
    socket.on('error', onError)
    socket.on('close', onClose)
  }
}

function sessionOf(socket: WebSocket): Session | undefined {
  return socket instanceof LiveSocket ? socket.session : undefined
}
