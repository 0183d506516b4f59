import { createServer } from 'node:net'

/** Below what the system gives to outgoing connections, which might take a port between two starts. */
const ports = { first: 20_000, count: 12_000 } as const
/** So many at once are in use by others at most. */
const tries = 100
/** Each process begins somewhere else. */
let next = Math.floor(Math.random() * ports.count)

/**
 * A loopback port that nobody listens on now. A process gives none twice, until it has given all: what was given may be
 * used a while later, and again after a restart.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < tries; tried++) {
    const port = ports.first + (next++ % ports.count)
    if (await isFree(port)) return port
  }
  throw new Error('No loopback port is free')
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
