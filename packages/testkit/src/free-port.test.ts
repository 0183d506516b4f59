import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from './free-port.ts'

it('is none that was given before, though nobody listens there yet', async () => {
  const given = new Set<number>()
  for (let time = 0; time < 1_000; time++) given.add(await freePort())
  expect(given.size).toBe(1_000)
})

it('is none on which somebody listens', async () => {
  const before = await freePort()
  const server = createServer().listen(before + 1, '127.0.0.1')
  await once(server, 'listening')
  expect(await freePort()).not.toBe(before + 1)
  server.close()
})
