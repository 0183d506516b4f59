import { once } from 'node:events'
import { WebSocket } from 'ws'
import { liveUrl, Waited } from '../support/live.ts'

export type WatchedSocket = {
  /** Codes and reasons with which it was closed, and when, by `performance.now()`. */
  readonly closed: Waited<{ code: number; reason: string; at: number }>
  readonly isOpen: () => boolean
  stop(): void
}

/** A socket that has said who it is and been let in; what becomes of it is seen. */
export async function openSocket(url: string, token: string): Promise<WatchedSocket> {
  const socket = new WebSocket(liveUrl(url))
  const closed: WatchedSocket['closed'] = new Waited()
  socket.on('error', () => {})
  socket.on('close', (code, reason) => closed.push({ code, reason: String(reason), at: performance.now() }))
  await once(socket, 'open')
  const answered = once(socket, 'message')
  socket.send(JSON.stringify({ id: 1, connect: { token } }))
  const [answer] = await answered
  if (!String(answer).includes('"connect"')) throw new Error(`not let in: ${String(answer)}`)
  return {
    closed,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    stop: () => socket.terminate(),
  }
}
