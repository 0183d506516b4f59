import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startNatsCluster } from './nats-cluster.ts'
import { startNatsServer } from './nats-server.ts'

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('data', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

it('starts, is killed, comes back on the same port, and is gone in the end', async () => {
  const server = await startNatsServer()
  expect(await accepts(server.port)).toBe(true)
  await server.kill()
  expect(await accepts(server.port)).toBe(false)
  await server.start()
  expect(await accepts(server.port)).toBe(true)
  await server.restart()
  expect(await accepts(server.port)).toBe(true)
  await server.dispose()
  expect(await accepts(server.port)).toBe(false)
})

it('says why it does not start', async () => {
  await expect(startNatsServer({ config: 'nonsense {' })).rejects.toThrow(/nats-server ended with 1/)
})

it('does not wipe the store of a server that runs', async () => {
  await using server = await startNatsServer()
  await expect(server.wipeStore()).rejects.toThrow('Stop the server')
  await server.stop()
  await server.wipeStore()
  await server.start()
  expect(await accepts(server.port)).toBe(true)
})

it('starts three that have elected a leader', async () => {
  await using cluster = await startNatsCluster(3)
  expect(cluster.urls).toHaveLength(3)
  expect(await cluster.streamLeader('none')).toBeUndefined()
}, 90_000)
