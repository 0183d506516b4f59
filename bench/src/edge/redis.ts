import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '@matchday/testkit'

const startTimeoutMs = 10_000
const stopTimeoutMs = 5_000
const howToGetIt = 'redis-server is missing. On Debian and Ubuntu: sudo apt-get install redis-server'

export type Redis = AsyncDisposable & { readonly url: string; readonly processId: number }

/** A redis-server that keeps nothing; a sentence when there is none on this machine. */
export async function startRedis(): Promise<Redis | { missing: string }> {
  const port = await freePort()
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] })
  // A run that fails must not leave it behind.
  process.once('exit', () => child.kill('SIGKILL'))
  const isReady = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), startTimeoutMs)
    const decide = (ready: boolean) => {
      clearTimeout(timer)
      resolve(ready)
    }
    child.once('error', () => decide(false)).once('exit', () => decide(false))
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) decide(true)
    })
  })
  if (!isReady) {
    child.kill('SIGKILL')
    return { missing: howToGetIt }
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    processId: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      await exited
      clearTimeout(timer)
    },
  }
}
