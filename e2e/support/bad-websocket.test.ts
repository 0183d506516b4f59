import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { newId } from '@matchday/contracts'
import { createLiveEdge, type LiveEdge } from '@matchday/gateway'
import { silentLog, systemClock } from '@matchday/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { type BadWebSocketTarget, badWebSocketCases, playBadWebSocket } from './bad-websocket.ts'
import { frame, handshake, opcodes, RawWebSocket } from './raw-websocket.ts'

const path = '/api/live'
const connectTimeoutMs = 1_000
const channel = `tournament:${newId()}`
let edge: LiveEdge
let server: Server
let target: BadWebSocketTarget

async function listen(each: Server): Promise<number> {
  each.listen(0, '127.0.0.1')
  await once(each, 'listening')
  const address = each.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

beforeAll(async () => {
  edge = createLiveEdge({
    requester: {
      request: async () => ({ kind: 'ok', body: { name: 'Cup' }, version: 3, epoch: 'e1' }),
    },
    bus: {
      subscribeEvents: () => ({ close: () => undefined }),
      subscribeWhispers: () => ({ close: () => undefined }),
      onState: () => ({ close: () => undefined }),
    },
    verifyToken: async () => null,
    log: silentLog,
    clock: systemClock,
    config: { path, allowedOrigins: 'same-host', limits: { connectTimeoutMs, closeTimeoutMs: 300 } },
  })
  server = createServer((_request, response) => response.writeHead(404).end())
  edge.attach(server)
  target = { port: await listen(server), path, channel, connectTimeoutMs }
})
afterAll(async () => {
  const closed = once(server, 'close')
  server.close()
  await edge.close()
  server.closeAllConnections()
  await closed
})

/** Bytes in use after everything that can be forgotten is. */
async function memoryUsed(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  for (let round = 0; round < 3; round++) {
    await new Promise(setImmediate)
    collect()
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

async function everybodyGone(): Promise<void> {
  while (edge.stats().sockets > 0) await new Promise(setImmediate)
}

describe('bad input over a WebSocket', () => {
  it.each(badWebSocketCases.map((each) => [each.name, each] as const))('%s', async (_name, each) => {
    expect(await playBadWebSocket(target, each)).toBeNull()
  })

  it('leaves a server that works', async () => {
    await everybodyGone()
    const raw = new RawWebSocket(target.port)
    raw.send(handshake(target.port, path), frame('{"id":1,"connect":{}}'))
    raw.send(frame(JSON.stringify({ id: 2, subscribe: { channel } })))
    expect(await raw.until(() => raw.messages.some((text) => text.includes('"name":"Cup"')), 2_000)).toBe(
      true,
    )
    raw.socket.destroy()
  })

  it('from a hundred sockets at once does not fill the memory', async () => {
    await everybodyGone()
    const before = await memoryUsed()
    const piece = frame('x', { fin: false, opcode: opcodes.continuation })
    const flood = Buffer.concat(Array.from({ length: 16_000 }, () => piece))
    const attackers = Array.from({ length: 100 }, () => new RawWebSocket(target.port))
    for (const raw of attackers) raw.send(handshake(target.port, path), frame('x', { fin: false }), flood)
    const codes = await Promise.all(
      attackers.map(async (raw) => {
        await raw.until(() => raw.closeCode !== undefined || raw.ended, 10_000)
        raw.socket.destroy()
        return raw.closeCode
      }),
    )
    expect(new Set(codes)).toEqual(new Set([1008]))
    await everybodyGone()
    attackers.length = 0
    expect((await memoryUsed()) - before).toBeLessThan(10 * 1024 * 1024)
  })

  it('would be noticed: a server without these limits fails many of the cases', async () => {
    const naive = createServer()
    const sockets = new WebSocketServer({ server: naive, perMessageDeflate: true })
    sockets.on('connection', (socket) => {
      socket.on('error', () => undefined)
      socket.on('message', (data) => socket.send(String(data)))
    })
    const port = await listen(naive)
    const some = badWebSocketCases.filter((_, index) => index % 4 === 0)
    const verdicts = await Promise.all(
      some.map((each) => playBadWebSocket({ ...target, port }, { ...each, patienceMs: () => 500 })),
    )
    for (const socket of sockets.clients) socket.terminate()
    naive.closeAllConnections()
    naive.close()
    expect(verdicts.filter((verdict) => verdict !== null).length).toBeGreaterThan(some.length / 4)
  })
})
