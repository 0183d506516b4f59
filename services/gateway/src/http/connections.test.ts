import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { exchange, outcomeOf, parseAnswer, requestBytes } from './bad-requests/index.ts'
import { createFixture, type Fixture, goodReply, targetOf } from './edge-fixture.ts'
import type { HttpEdgeConfig } from './ports.ts'

const sockets: Socket[] = []
let fixture: Fixture | undefined
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await fixture?.edge.close()
  fixture = undefined
})

type Gate = { opened: Promise<void>; open(): void }
function gate(): Gate {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

async function start(
  config: Partial<HttpEdgeConfig> = {},
  respond = goodReply as Parameters<typeof createFixture>[0],
) {
  fixture = await createFixture(respond, { config })
  const { port } = await fixture.edge.listen('127.0.0.1', 0)
  return { port, edge: fixture.edge, asked: fixture.asked }
}

/** A connection whose received bytes are kept, and its end awaited. */
function open(port: number) {
  const socket = connect({ port, host: '127.0.0.1' })
  sockets.push(socket)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  const text = () => Buffer.concat(chunks).toString()
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(text())))
  const receives = (part: string) =>
    new Promise<void>((resolve) => {
      const look = () => text().includes(part) && resolve()
      socket.on('data', look)
      look()
    })
  return { socket, text, closed, receives }
}

const create = targetOf('createTournament')
const read = targetOf('getTournament')
const keptAlive = (bytes: Buffer) => bytes.toString('latin1').replace('connection: close\r\n', '')

describe('slow clients', () => {
  const quick = { headersTimeoutMs: 200, requestTimeoutMs: 300, timeoutCheckMs: 50 }

  it.each([
    ['a body that stops in the middle', requestBytes(create).subarray(0, -4)],
    [
      'a body that never begins',
      requestBytes(create).subarray(0, -JSON.stringify({ name: 'Friday Cup', limit: 10 }).length),
    ],
    ['headers that never end', Buffer.from('GET /livez HTTP/1.1\r\nHost: x\r\n')],
  ])('%s is answered 408 and the connection closed', async (_, bytes) => {
    const { port, asked } = await start(quick)
    const answer = await exchange(port, bytes)
    expect(answer?.status).toBe(408)
    expect(outcomeOf(answer)).toBe('request-too-slow')
    expect(answer?.headers['x-request-id']).toBeDefined()
    expect(asked).toEqual([])
  })

  it('a byte at a time does not last longer', async () => {
    const { port } = await start(quick)
    const client = open(port)
    const bytes = requestBytes(create)
    let sent = 0
    const drip = setInterval(() => client.socket.write(bytes.subarray(sent, ++sent)), 20)
    const text = await client.closed
    clearInterval(drip)
    expect(text).toContain('408')
    expect(sent).toBeLessThan(bytes.length)
  })

  it('a body that ends too early is no request', async () => {
    const { port, asked, edge } = await start()
    await exchange(port, requestBytes(create).subarray(0, -4), { halfClose: true })
    expect(asked).toEqual([])
    expect((await edge.inject({ url: '/livez' })).statusCode).toBe(200)
  })
})

describe('a client that hangs up', () => {
  it('aborts its request', async () => {
    const waiting = gate()
    const { port, asked } = await start({}, async (operation) => {
      waiting.open()
      await new Promise((resolve) => asked[0]?.call.signal?.addEventListener('abort', resolve))
      return goodReply(operation)
    })
    const client = open(port)
    client.socket.write(requestBytes(read))
    await waiting.opened
    expect(asked[0]?.call.signal?.aborted).toBe(false)
    const aborted = new Promise((resolve) => asked[0]?.call.signal?.addEventListener('abort', resolve))
    client.socket.destroy()
    await aborted
  })

  it('does not abort by being answered', async () => {
    const { port, asked } = await start()
    const client = open(port)
    client.socket.write(keptAlive(requestBytes(read)))
    await client.receives('"version"')
    expect(asked[0]?.call.signal?.aborted).toBe(false)
  })
})

describe('one connection', () => {
  it('carries a thousand requests at once, answered in order', async () => {
    const { port } = await start()
    const client = open(port)
    const count = 1_000
    const requests = Array.from({ length: count }, (_, index) =>
      keptAlive(requestBytes(read, { headers: [['x-request-id', `n${index}`]] })),
    )
    client.socket.write(`${requests.join('')}GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    const text = await client.closed
    const answered = [...text.matchAll(/x-request-id: n(\d+)/g)].map(([, index]) => Number(index))
    expect(answered).toEqual(Array.from({ length: count }, (_, index) => index))
  })

  it('with rubbish behind a request under way is closed, without an answer to be mistaken for its own', async () => {
    const waiting = gate()
    const { port } = await start({}, async (operation) => {
      waiting.open()
      await new Promise(() => {})
      return goodReply(operation)
    })
    const client = open(port)
    client.socket.write(keptAlive(requestBytes(create)))
    await waiting.opened
    client.socket.write('RUBBISH\r\n\r\n')
    expect(await client.closed).toBe('')
  })

  it('too many is refused', async () => {
    const { port } = await start({ connectionsMax: 2 })
    const first = open(port)
    const second = open(port)
    for (const client of [first, second]) client.socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
    await Promise.all([first.receives('alive'), second.receives('alive')])
    expect(await open(port).closed).toBe('')
  })
})

describe('closing', () => {
  it('finishes what is in flight, says so, and closes what is idle', async () => {
    const waiting = gate()
    const released = gate()
    const { port, edge } = await start({}, async (operation) => {
      waiting.open()
      await released.opened
      return goodReply(operation)
    })
    const idle = open(port)
    idle.socket.write('GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n')
    await idle.receives('"ready":true')
    const busy = open(port)
    busy.socket.write(keptAlive(requestBytes(create)))
    await waiting.opened
    const closed = edge.close()
    await idle.closed
    released.open()
    const answer = parseAnswer(Buffer.from(await busy.closed))
    expect([answer?.status, answer?.headers.connection]).toEqual([201, 'close'])
    await closed
    expect(await exchange(port, requestBytes(read))).toBeUndefined()
  })

  it('waits no longer than its grace', async () => {
    const waiting = gate()
    const { port, edge } = await start({ closeGraceMs: 100 }, async (operation) => {
      waiting.open()
      await new Promise(() => {})
      return goodReply(operation)
    })
    const stuck = open(port)
    stuck.socket.write(requestBytes(create))
    await waiting.opened
    await edge.close()
    expect(await stuck.closed).toBe('')
  })
})

it('says which port is taken', async () => {
  const { port } = await start()
  const second = await createFixture()
  await expect(second.edge.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'port-taken' })
})
