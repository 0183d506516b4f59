import { createServer } from 'node:net'

/** Below what the system gives to outgoing connections, which might take a port between two starts. */
const first = 20_000
/** Processes that run at once have ids of which few differ by this. */
const ranges = 200
const rangeSize = 60
let given = 0

/**
 * A loopback port that nobody listens on now. Each process has 60 of its own and gives them in turn: what was given may
 * be used a while later, and again after a restart.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < rangeSize; tried++) {
    const port = first + (process.pid % ranges) * rangeSize + (given++ % rangeSize)
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
