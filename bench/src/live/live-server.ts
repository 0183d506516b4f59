import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer as createNetServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { createLiveEdge } from '@matchday/gateway'
import { createMemoryBus, silentLog, systemClock } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { acceptKey, serverFrame } from './frames.ts'
import { epoch, lineOf, pickEvent } from './publications.ts'

/** `edge`: Matchday's own. `raw`: writes a frame that was made before to every socket, and does nothing else. */
export type LiveKind = 'edge' | 'raw'
export type LiveQuestion =
  | { readonly start: LiveKind; readonly sockets: number }
  | {
      readonly publish: {
        readonly perTurn: number
        readonly durationMs: number
        readonly turnsPerSecond?: number
      }
    }
export type LiveAnswer = {
  readonly port: number
  /** Readers say here, with a byte, that all sockets have a turn. */
  readonly controlPort: number
  readonly updates: number
  readonly version: number
  readonly elapsedMs: number
}

/** Turns written and not yet read by all: enough to keep both sides busy, little enough for every buffer. */
const turnsAheadMax = 32

type Writer = { write(perTurn: number): Promise<void>; version(): number }

let writer: Writer
let ports = { port: 0, controlPort: 0 }
let turnsRead = 0
let onRead: () => void = () => {}

async function answer(question: LiveQuestion): Promise<LiveAnswer> {
  if ('start' in question) {
    const http = createHttpServer()
    writer = question.start === 'edge' ? startEdge(http) : startRaw(http)
    ports = { port: await listen(http), controlPort: await listen(createNetServer(countTurns)) }
    return { ...ports, updates: 0, version: writer.version(), elapsedMs: 0 }
  }
  const { perTurn, durationMs, turnsPerSecond } = question.publish
  const begun = performance.now()
  let turns = 0
  turnsRead = 0
  while (performance.now() - begun < durationMs) {
    await writer.write(perTurn)
    turns++
    if (turnsPerSecond !== undefined)
      await delay(begun + (turns * 1_000) / turnsPerSecond - performance.now())
    else await untilRead(turns - turnsAheadMax)
  }
  await untilRead(turns)
  const elapsedMs = performance.now() - begun
  return { ...ports, updates: turns * perTurn, version: writer.version(), elapsedMs }
}

function startEdge(http: HttpServer): Writer {
  const bus = createMemoryBus({ clock: systemClock, log: silentLog })
  let version = 1
  const edge = createLiveEdge({
    requester: { request: async () => ({ kind: 'ok', body: { players: [] }, version, epoch }) },
    bus,
    verifyToken: async () => null,
    log: silentLog,
    clock: systemClock,
    config: { path: '/api/live', allowedOrigins: 'same-host' },
  })
  edge.attach(http)
  return {
    version: () => version,
    async write(perTurn) {
      const events = Array.from({ length: perTurn }, () => pickEvent(++version))
      await bus.publishEvents(events)
      await nextTurn()
    },
  }
}

function startRaw(http: HttpServer): Writer {
  const sockets = new Set<Duplex>()
  http.on('upgrade', (request, socket) => {
    const accept = acceptKey(request.headers['sec-websocket-key'] ?? '')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    )
    socket.on('data', () => {}).on('error', () => {})
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  let version = 1
  const frames = new Map<number, Buffer>()
  return {
    version: () => version,
    async write(perTurn) {
      const frame =
        frames.get(perTurn) ??
        serverFrame(Array.from({ length: perTurn }, () => lineOf(pickEvent(1_000))).join('\n'))
      frames.set(perTurn, frame)
      version += perTurn
      for (const socket of sockets) socket.write(frame)
      await nextTurn()
    },
  }
}

function countTurns(socket: Socket): void {
  socket.on('data', (bytes) => {
    turnsRead += bytes.length
    onRead()
  })
  socket.on('error', () => {})
}

function untilRead(turns: number): Promise<void> {
  if (turnsRead >= turns) return Promise.resolve()
  return new Promise((resolve) => {
    onRead = () => {
      if (turnsRead >= turns) resolve()
    }
  })
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

answerQuestions(answer)
