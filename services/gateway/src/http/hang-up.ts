import type { Socket } from 'node:net'

const signals = new WeakMap<Socket, AbortSignal>()

/**
 * Aborts when the client's connection closes. One for all requests of a connection, because a signal for each
 * would cost as much as routing the request does: whoever listens must stop listening when its request is
 * done.
 */
export function hangUpSignal(socket: Socket): AbortSignal {
  const known = signals.get(socket)
  if (known !== undefined) return known
  const controller = new AbortController()
  signals.set(socket, controller.signal)
  socket.once('close', () => controller.abort())
  return controller.signal
}
