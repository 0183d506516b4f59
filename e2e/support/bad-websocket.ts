import { closeFrame, frame, type Handshake, handshake, opcodes, RawWebSocket } from './raw-websocket.ts'

/** Where the bad input goes, and what it needs to be bad in interesting places. */
export type BadWebSocketTarget = {
  port: number
  path: string
  /** A channel that exists and may be subscribed to. */
  channel: string
  /** The server's own time-out for `connect`, in milliseconds. */
  connectTimeoutMs: number
}

/** What a good server does. `reply`: it goes on, and answers something that contains this text. */
type Expected =
  | { status: readonly number[] }
  | { close: readonly number[] }
  | { reply: string }
  | { end: true }

export type BadWebSocketCase = {
  name: string
  expected: Expected
  handshake?: Handshake
  /** In the same packet as the handshake, after or before it. */
  with?: (target: BadWebSocketTarget) => Buffer
  before?: Buffer
  /** After the upgrade. */
  send?: (raw: RawWebSocket, target: BadWebSocketTarget) => void
  /** Instead of a second or two. */
  patienceMs?: (target: BadWebSocketTarget) => number
}

const broken = { close: [1002] } as const
const json = (value: unknown) => frame(JSON.stringify(value))
const hello = json({ id: 1, connect: {} })
const stillThere = json({ id: 9, ping: {} })
const goesOn = { reply: '{"id":9,"ping":{}}' } as const

const handshakes: readonly BadWebSocketCase[] = [
  {
    name: 'no Upgrade',
    handshake: { headers: { Upgrade: undefined } },
    expected: { status: [400, 404, 426] },
  },
  {
    name: 'Upgrade to something else',
    handshake: { headers: { Upgrade: 'h2c' } },
    expected: { status: [400] },
  },
  ...[undefined, '', 'short', `${'A'.repeat(30)}==`, 'x'.repeat(24)].map((key) => ({
    name: `Sec-WebSocket-Key ${key}`,
    handshake: { headers: { 'Sec-WebSocket-Key': key } },
    expected: { status: [400] },
  })),
  ...[undefined, '8', '0', '99', 'x', '13, 8'].map((version) => ({
    name: `Sec-WebSocket-Version ${version}`,
    handshake: { headers: { 'Sec-WebSocket-Version': version } },
    expected: { status: [400, 426] },
  })),
  {
    name: 'two Origins',
    handshake: { headers: { Origin: ['http://127.0.0.1', 'http://evil.example'] } },
    expected: { status: [400, 403] },
  },
  ...['http://evil.example', 'null', 'x', 'file://', 'http://127.0.0.1.evil.example', ' '].map((origin) => ({
    name: `Origin ${origin}`,
    handshake: { headers: { Origin: origin } },
    expected: origin === ' ' ? { status: [101, 400, 403] } : { status: [403] },
  })),
  {
    name: 'two Hosts',
    handshake: { headers: { Host: ['127.0.0.1', 'evil.example'], Origin: 'http://evil.example' } },
    expected: { status: [400, 403] },
  },
  ...['POST', 'DELETE', 'OPTIONS'].map((method) => ({
    name: `${method} instead of GET`,
    handshake: { method },
    expected: { status: [400, 404, 405] },
  })),
  ...['//api/live', '/api/live/', '/api/live/..', '/api/%6cive', '/api/live%00', '/', '*', '/API/LIVE'].map(
    (path) => ({ name: `at ${path}`, handshake: { path }, expected: { status: [400, 404] } }),
  ),
  { name: 'HTTP/1.0', handshake: { httpVersion: '1.0' }, expected: { status: [101, 400, 404, 426] } },
  {
    name: 'a header of 20 KiB',
    handshake: { headers: { 'X-Long': 'x'.repeat(20 * 1024) } },
    expected: { status: [431] },
  },
  { name: 'bytes before the request', before: Buffer.from('\0\0{}\r\n'), expected: { status: [400] } },
  {
    name: 'frames in the packet of the handshake',
    with: () => Buffer.concat([hello, stillThere]),
    expected: goesOn,
  },
  {
    name: 'broken frames in the packet of the handshake',
    with: () => frame('{}', { masked: false }),
    expected: broken,
  },
  {
    name: 'compression offered: taken without',
    handshake: { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' } },
    with: () => Buffer.concat([hello, stillThere]),
    expected: goesOn,
  },
  {
    name: 'broken extensions and protocols',
    handshake: { headers: { 'Sec-WebSocket-Extensions': ';;=', 'Sec-WebSocket-Protocol': ',,,' } },
    expected: { status: [400] },
  },
]

const frames: readonly BadWebSocketCase[] = [
  { name: 'an unmasked frame', send: (raw) => raw.send(frame('{}', { masked: false })), expected: broken },
  ...[1, 2, 4, 7].map((reserved) => ({
    name: `reserved bits ${reserved}`,
    send: (raw: RawWebSocket) => raw.send(frame('{}', { reserved })),
    expected: broken,
  })),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
    name: `opcode ${opcode}`,
    send: (raw: RawWebSocket) => raw.send(frame('{}', { opcode })),
    expected: broken,
  })),
  ...[opcodes.close, opcodes.ping, opcodes.pong].flatMap((opcode) => [
    {
      name: `control frame ${opcode} of 126 bytes`,
      send: (raw: RawWebSocket) => raw.send(frame(Buffer.alloc(126, 3), { opcode })),
      expected: broken,
    },
    {
      name: `control frame ${opcode} in pieces`,
      send: (raw: RawWebSocket) => raw.send(frame('', { opcode, fin: false })),
      expected: broken,
    },
  ]),
  {
    name: 'a continuation of nothing',
    send: (raw) => raw.send(frame('{}', { opcode: opcodes.continuation })),
    expected: broken,
  },
  {
    name: 'a new text within a text in pieces',
    send: (raw) => raw.send(frame('{', { fin: false }), frame('}')),
    expected: broken,
  },
  {
    name: 'bad UTF-8 split over frames',
    send: (raw) =>
      raw.send(
        frame(Buffer.from([0x22, 0xf0, 0x9f]), { fin: false }),
        frame(Buffer.from([0x22]), { opcode: opcodes.continuation }),
      ),
    expected: { close: [1007] },
  },
  {
    name: 'bad UTF-8 in the reason of a close',
    send: (raw) => raw.send(closeFrame(1000, Buffer.from([0xff, 0xfe]))),
    expected: { close: [1007] },
  },
  ...[2n ** 63n, 2n ** 64n - 1n, 2n ** 53n, 2n ** 31n, 16_385n].map((claimedLength) => ({
    name: `a frame that claims ${claimedLength} bytes, then nothing`,
    send: (raw: RawWebSocket) => raw.send(frame('', { claimedLength })),
    expected: { close: [1002, 1009] },
  })),
  ...['', ' ', 'x'].map((piece) => ({
    name: `pieces of ${piece.length} bytes without end (${JSON.stringify(piece)})`,
    send: (raw: RawWebSocket) => {
      const more = frame(piece, { fin: false, opcode: opcodes.continuation })
      raw.send(frame(piece, { fin: false }), Buffer.concat(Array(20_000).fill(more)))
    },
    expected: { close: [1008, 1009] },
  })),
  {
    name: '100,000 pings',
    send: (raw) => raw.send(Buffer.concat(Array(100_000).fill(frame('', { opcode: opcodes.ping })))),
    expected: { close: [3013] },
  },
  ...[0, 999, 1004, 1005, 1006, 1016, 2999, 5000, 65_535].map((code) => ({
    name: `close code ${code}`,
    send: (raw: RawWebSocket) => raw.send(closeFrame(code)),
    expected: { close: [1002] },
  })),
  {
    name: 'a close with one byte',
    send: (raw) => raw.send(frame('x', { opcode: opcodes.close })),
    expected: { close: [1002] },
  },
  {
    name: 'a reason of 124 bytes',
    send: (raw) => raw.send(closeFrame(1000, 'x'.repeat(124))),
    expected: { close: [1002] },
  },
  {
    name: 'messages after a close',
    send: (raw) => raw.send(closeFrame(1000), hello, stillThere, frame('garbage')),
    expected: { close: [1000] },
  },
  { name: 'half a close', send: (raw) => void raw.socket.end(), expected: { end: true } },
  {
    name: 'half a frame, then half a close',
    send: (raw) => {
      raw.send(hello.subarray(0, 5))
      raw.socket.end()
    },
    expected: { end: true },
  },
]

const shapes = [
  ...['', 'x', '{', '[]', 'null', '7', '"x"', 'true', '{"id":1', "{'id':1}", '\u0000', '\ufeff{}', 'NaN'],
  ...[
    '{"id":0,"connect":{}}',
    '{"id":-1,"connect":{}}',
    '{"id":1e400,"connect":{}}',
    '{"id":"1","connect":{}}',
  ],
  ...[
    '{"id":1,"connect":null}',
    '{"id":1,"connect":[]}',
    '{"id":1,"connect":{"token":{}}}',
    '{"connect":{}}',
  ],
  ...[
    '{"id":1,"constructor":{}}',
    '{"__proto__":{"id":1,"connect":{}}}',
    '{"id":1,"subscribe":{"channel":"x"}}',
  ],
  ...[
    '['.repeat(16_000),
    `{"id":1,"connect":${'{"a":'.repeat(2_000)}`,
    '{"id":1,"connect":{"token":"\\ud800',
  ],
]

const afterConnect = [
  '{"id":2,"subscribe":{}}',
  '{"id":2,"subscribe":{"channel":7}}',
  '{"id":2,"subscribe":{"channel":["x"]}}',
  '{"id":2,"publish":{"channel":"x"}}',
  '{"id":2,"publish":{"channel":"x","data":"x"}}',
  '{"id":2,"publish":{"channel":"x","data":{"type":{}}}}',
  '{"id":2,"unsubscribe":{"channel":null}}',
  '{"id":2,"refresh":"x"}',
  '{"id":2,"connect":{}}',
  '{"id":2.5,"ping":{}}',
]

const commands: readonly BadWebSocketCase[] = [
  ...shapes.map((text) => ({
    name: `as first message: ${JSON.stringify(text).slice(0, 60)}`,
    // Nothing is as good as white space: then it is the wait for `connect` that ends it.
    patienceMs: ({ connectTimeoutMs }: BadWebSocketTarget) => connectTimeoutMs + 2_000,
    send: (raw: RawWebSocket) => raw.send(frame(text)),
    expected: { close: text === '' ? [3501, 3502] : [3501] },
  })),
  ...afterConnect.map((text) => ({
    name: `after connect: ${text}`,
    send: (raw: RawWebSocket) => raw.send(hello, frame(text)),
    expected: { close: [3501] },
  })),
  {
    name: 'JSON as binary',
    send: (raw) => raw.send(frame('{"id":1,"connect":{}}', { opcode: opcodes.binary })),
    expected: { close: [3501] },
  },
  {
    name: 'a token that is none',
    send: (raw) => raw.send(json({ id: 1, connect: { token: 'x' } })),
    expected: { close: [3500] },
  },
  {
    name: 'an endless token',
    send: (raw) => raw.send(json({ id: 1, connect: { token: 'x'.repeat(16_000) } })),
    expected: { close: [3500] },
  },
  {
    name: 'another identity by refresh',
    send: (raw) => raw.send(hello, json({ id: 2, refresh: { token: 'x' } })),
    expected: { close: [3500] },
  },
  {
    name: 'no connect at all',
    patienceMs: ({ connectTimeoutMs }) => connectTimeoutMs + 2_000,
    expected: { close: [3502] },
  },
  {
    name: '10,000 subscribes',
    send: (raw, { channel }) =>
      raw.send(
        hello,
        ...Array.from({ length: 10_000 }, (_, index) => json({ id: index + 2, subscribe: { channel } })),
      ),
    expected: { close: [3013] },
  },
  {
    name: '16 KiB of pongs in one message',
    send: (raw) => raw.send(hello, frame('{}\n'.repeat(5_000))),
    expected: { close: [3013] },
  },
  {
    name: 'the same channel twice',
    send: (raw, { channel }) =>
      raw.send(hello, json({ id: 2, subscribe: { channel } }), json({ id: 3, subscribe: { channel } })),
    expected: { reply: '{"id":3,"error":{"code":105' },
  },
  ...[
    'tournament:*',
    'tournament:',
    ':',
    '*',
    '#',
    'a'.repeat(4_000),
    '__proto__:x',
    'tournament:../x',
    '😀',
  ].map((channel) => ({
    name: `subscribe to ${channel.slice(0, 20)}`,
    send: (raw: RawWebSocket) => raw.send(hello, json({ id: 2, subscribe: { channel } })),
    expected: { reply: '{"id":2,"error":{"code":102' },
  })),
  {
    name: 'publish without a token',
    send: (raw, { channel }) =>
      raw.send(hello, json({ id: 2, publish: { channel, data: { type: 'highlight', team: 'x' } } })),
    expected: { reply: '{"id":2,"error":{"code":103' },
  },
  ...['-1', '1.5', '"x"', '1e400'].map((offset) => ({
    name: `recover from ${offset}`,
    send: (raw: RawWebSocket, { channel }: BadWebSocketTarget) =>
      raw.send(
        hello,
        frame(`{"id":2,"subscribe":{"channel":"${channel}","recover":true,"offset":${offset}}}`),
      ),
    expected: { close: [3501] },
  })),
  ...[
    { offset: 2 ** 53, epoch: 'x' },
    { offset: 10 ** 15, epoch: 'x' },
    { offset: 1, epoch: 'of another store' },
    { offset: 1 },
    {},
  ].map((position) => ({
    name: `recover from ${JSON.stringify(position)}`,
    send: (raw: RawWebSocket, { channel }: BadWebSocketTarget) =>
      raw.send(hello, json({ id: 2, subscribe: { channel, recover: true, ...position } })),
    expected: { reply: '"recovered":false' },
  })),
]

/** Every way to misuse the live edge that we could think of, over raw sockets. */
export const badWebSocketCases: readonly BadWebSocketCase[] = [...handshakes, ...frames, ...commands]

/** Plays a case; resolves to what was wrong with the server's behaviour, or null. */
export async function playBadWebSocket(
  target: BadWebSocketTarget,
  bad: BadWebSocketCase,
): Promise<string | null> {
  const raw = new RawWebSocket(target.port)
  const patienceMs = bad.patienceMs?.(target) ?? 2_000
  const { expected } = bad
  try {
    raw.send(bad.before ?? '', handshake(target.port, target.path, bad.handshake), bad.with?.(target) ?? '')
    await raw.until(() => raw.status !== 0 || raw.ended, patienceMs)
    if ('status' in expected) {
      return expected.status.includes(raw.status) ? null : `status ${raw.status}`
    }
    if (raw.status !== 101) return `status ${raw.status} instead of an upgrade`
    if (/^sec-websocket-extensions/im.test(raw.head)) return 'took an extension'
    bad.send?.(raw, target)
    return await judge(raw, expected, patienceMs)
  } finally {
    raw.socket.destroy()
  }
}

async function judge(raw: RawWebSocket, expected: Expected, patienceMs: number): Promise<string | null> {
  const seen = () =>
    `close code ${raw.closeCode}, ended ${raw.ended}, said ${raw.messages.join().slice(0, 200)}`
  if ('reply' in expected) {
    const isThere = () => raw.messages.some((message) => message.includes(expected.reply))
    return (await raw.until(isThere, patienceMs)) ? null : seen()
  }
  if ('close' in expected) {
    await raw.until(() => raw.closeCode !== undefined || raw.ended, patienceMs)
    return expected.close.includes(raw.closeCode ?? -1) ? null : seen()
  }
  return (await raw.until(() => raw.ended, patienceMs)) ? null : seen()
}
