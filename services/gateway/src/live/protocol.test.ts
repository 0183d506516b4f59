import { readFileSync } from 'node:fs'
import { channels } from '@matchday/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disconnects, errorOfCode, replyErrors, unsubscribes } from './codes.ts'
import { encodeTextFrame } from './frame.ts'
import { MessageRate } from './message-rate.ts'
import { encodeSubscribeReply, parseCommand } from './protocol.ts'

describe('parseCommand', () => {
  it.each([
    ['{}', { method: 'pong' }],
    ['{"send":{}}', { method: 'send' }],
    ['{"id":1,"connect":{}}', { method: 'connect', id: 1, token: '' }],
    ['{"id":1,"refresh":{"token":"t"}}', { method: 'refresh', id: 1, token: 't' }],
    [
      '{"id":2,"subscribe":{"channel":"c","recover":true,"epoch":"e","offset":7,"flag":3}}',
      {
        method: 'subscribe',
        id: 2,
        channel: 'c',
        recover: { epoch: 'e', offset: 7 },
        rejectUnrecovered: true,
      },
    ],
    [
      '{"id":2,"publish":{"channel":"c","data":{"type":"t","x":[1]}}}',
      { method: 'publish', id: 2, channel: 'c', type: 't', rest: { x: [1] } },
    ],
    ['{"id":3,"unsubscribe":{"channel":"c"}}', { method: 'unsubscribe', id: 3, channel: 'c' }],
    ['{"id":3,"history":{}}', { method: 'not-available', id: 3 }],
    ['{"id":3,"toString":{}}', { method: 'unknown', id: 3 }],
    ['{"id":3}', { method: 'unknown', id: 3 }],
  ])('reads %s', (line, command) => expect(parseCommand(line)).toEqual(command))

  it.each([
    ...['', 'x', 'null', '[]', '7', '"x"', '{"id":0}', '{"id":-1}', '{"id":1.5}', '{"id":"1"}', '{"x":1}'],
    ...['{"id":1,"connect":null}', '{"id":1,"connect":[]}', '{"id":1,"connect":{"token":7}}'],
    ...['{"id":1,"subscribe":"c"}', '{"id":1,"subscribe":{}}', '{"id":1,"subscribe":{"channel":{}}}'],
    '{"id":1,"subscribe":{"channel":"c","recover":true,"offset":-1}}',
    '{"id":1,"subscribe":{"channel":"c","recover":true,"offset":1.5}}',
    '{"id":1,"subscribe":{"channel":"c","recover":true,"offset":1e999}}',
    '{"id":1,"subscribe":{"channel":"c","recover":"yes"}}',
    '{"id":1,"subscribe":{"channel":"c","flag":"2"}}',
    ...['{"id":1,"publish":{"channel":"c"}}', '{"id":1,"publish":{"channel":"c","data":[]}}'],
    ...['{"id":1,"publish":{"channel":"c","data":{"team":"A"}}}', '{"id":4294967296,"connect":{}}'],
    '{"__proto__":{"id":1,"connect":{}}}',
  ])('refuses %s', (line) => expect(parseCommand(line)).toBeNull())

  it('never throws, whatever arrives', () => {
    fc.assert(fc.property(fc.string(), (line) => void parseCommand(line)))
    fc.assert(fc.property(fc.json(), (line) => void parseCommand(line)))
    const body = fc.object({ key: fc.constantFrom('channel', 'data', 'token', 'offset', 'epoch', 'type') })
    const methods = fc.constantFrom('connect', 'subscribe', 'publish', 'unsubscribe', 'refresh', 'rpc')
    fc.assert(
      fc.property(methods, body, (method, value) => {
        parseCommand(JSON.stringify({ id: 1, [method]: value }))
      }),
    )
    expect(parseCommand('['.repeat(16_000))).toBeNull()
    expect(parseCommand('{"id":1,"rpc":'.repeat(1_000))).toBeNull()
  })
})

describe('encodeTextFrame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])('frames %i bytes', (length) => {
    const frame = encodeTextFrame('x'.repeat(length))
    const headLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
    expect(frame.length).toBe(headLength + length)
    expect(frame[0]).toBe(0x81)
    if (headLength === 2) expect(frame[1]).toBe(length)
    if (headLength === 4) expect([frame[1], frame.readUInt16BE(2)]).toEqual([126, length])
    if (headLength === 10) expect([frame[1], frame.readBigUInt64BE(2)]).toEqual([127, BigInt(length)])
  })

  it('counts bytes, not characters', () => {
    const frame = encodeTextFrame('Åse 🎲')
    expect(frame[1]).toBe(Buffer.byteLength('Åse 🎲'))
    expect(frame.subarray(2).toString()).toBe('Åse 🎲')
  })
})

describe('encodeSubscribeReply', () => {
  it('is JSON with all its parts', () => {
    const common = { epoch: 'a"b', offset: 3, wasRecovering: true }
    const recovered = { ...common, recovered: true, publications: ['{"offset":4,"data":1}'], data: null }
    expect(JSON.parse(encodeSubscribeReply(7, recovered))).toEqual({
      id: 7,
      subscribe: {
        recoverable: true,
        positioned: true,
        epoch: 'a"b',
        offset: 3,
        was_recovering: true,
        recovered: true,
        publications: [{ offset: 4, data: 1 }],
      },
    })
    const fresh = { ...common, recovered: false, publications: [], data: '{"x":1}' }
    expect(JSON.parse(encodeSubscribeReply(7, fresh))).toMatchObject({ subscribe: { data: { x: 1 } } })
  })
})

describe('MessageRate', () => {
  it('gives the burst, then the rate, and never saves up more than the burst', () => {
    const bucket = new MessageRate(3, 0)
    const takes = (nowMs: number, count: number) =>
      Array.from({ length: count }, () => bucket.take(nowMs, 10, 3)).filter(Boolean).length
    expect(takes(0, 5)).toBe(3)
    expect(takes(99, 1)).toBe(0)
    expect(takes(200, 5)).toBe(2)
    expect(takes(60_000, 10)).toBe(3)
  })
})

describe('docs/live.md', () => {
  const page = readFileSync(new URL('../../../../docs/live.md', import.meta.url), 'utf8')
  const rows = (heading: string) => {
    const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
    return [...section.matchAll(/^\| (\d+) \| `([^`]+)` \|/gm)].map(([, code, text]) => [Number(code), text])
  }

  it('lists exactly the codes that there are', () => {
    const ordered = (table: object[]) =>
      table.toSorted((a, b) => Number(Object.values(a)[0]) - Number(Object.values(b)[0]))
    expect(rows('Close codes')).toEqual(
      ordered(Object.values(disconnects)).map((each) => Object.values(each)),
    )
    expect(rows('Errors')).toEqual(
      ordered(Object.values(replyErrors)).map((each) => Object.values(each).slice(0, 2)),
    )
    expect(rows('Unsubscribe codes')).toEqual(Object.values(unsubscribes).map((each) => Object.values(each)))
  })

  it('is right about who reconnects', () => {
    for (const { code } of Object.values(disconnects)) {
      const isFinal = (code >= 3500 && code < 4000) || code >= 4500
      expect(page).toMatch(new RegExp(`^\\| ${code} \\| [^|]+\\| ${isFinal ? 'no' : 'yes'} \\|`, 'm'))
    }
    expect(Object.values(errorOfCode).every((name) => name in replyErrors)).toBe(true)
  })
})

describe('the contract of channels', () => {
  it('has no event whose data would hide the fields of every publication', () => {
    for (const { events } of Object.values(channels)) {
      for (const schema of Object.values(events.schemas)) {
        expect(Object.keys(schema.properties)).not.toEqual(expect.arrayContaining(['type']))
        expect(
          Object.keys(schema.properties).filter((key) => ['type', 'version', 'at'].includes(key)),
        ).toEqual([])
      }
    }
  })
})
