import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from './free-port.ts'

async function ports(count: number): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) found.push(await freePort())
  return found
}

it('is none that was given before, though nobody listens there yet', async () => {
  expect(new Set(await ports(50)).size).toBe(50)
})

it('is none on which somebody listens', async () => {
  const taken = await freePort()
  const server = createServer().listen(taken, '127.0.0.1')
  await once(server, 'listening')
  expect(await ports(100)).not.toContain(taken)
  server.close()
  await once(server, 'close')
  expect(await ports(60)).toContain(taken)
})
