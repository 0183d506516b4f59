import { newId } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { hashOfKey, makeApiKey, startOfKey } from './api-key.ts'
import { deriveKeys } from './derived-keys.ts'
import { linkKinds, makeOneTimeToken, readOneTimeToken } from './one-time-token.ts'
import { makeRefreshToken, readRefreshToken } from './refresh-token.ts'

const secret = 'a secret of tests, that is long enough'
const keys = deriveKeys(secret, 'staff')
const strangers = [deriveKeys(secret, 'players'), deriveKeys(`${secret}!`, 'staff')]
/** What the edge lets through as a one-time token, and as a key. */
const edgePattern = /^[A-Za-z0-9._~-]{20,200}$/

describe('derived keys', () => {
  it('differ by secret, realm and purpose', () => {
    const purposes = ['signing-keys', 'refresh', 'link', 'api-key', 'budget', 'oidc'] as const
    const all = [keys, ...strangers].flatMap((one) =>
      purposes.map((purpose) => Buffer.from(one.key(purpose)).toString('hex')),
    )
    expect(new Set(all).size).toBe(all.length)
    expect(all[0]).toHaveLength(64)
  })

  it('need a secret that is worth the name', () => {
    expect(() => deriveKeys('short', 'staff')).toThrow(/at least 32 bytes/)
  })

  it('never mistake one list of parts for another', () => {
    const macs = [['ab', 'c'], ['a', 'bc'], ['abc'], ['a:b', 'c'], ['', 'abc']].map((parts) =>
      keys.mac('link', ...parts).toString('hex'),
    )
    expect(new Set(macs).size).toBe(macs.length)
  })
})

describe('one-time tokens', () => {
  it('are good for their kind alone', () => {
    const id = newId()
    for (const kind of linkKinds) {
      const token = makeOneTimeToken(keys, kind, id)
      expect(token).toMatch(edgePattern)
      expect(readOneTimeToken(keys, kind, token)).toBe(id)
      for (const other of linkKinds)
        if (other !== kind) expect(readOneTimeToken(keys, other, token)).toBeNull()
      for (const stranger of strangers) expect(readOneTimeToken(stranger, kind, token)).toBeNull()
    }
  })

  it('can’t be altered', () => {
    const token = makeOneTimeToken(keys, 'reset', newId())
    const forged = [
      '',
      '.',
      token.slice(0, -1),
      `${token}A`,
      token.replace('.', ''),
      token.toUpperCase(),
      ` ${token}`,
      `${newId()}${token.slice(36)}`,
      `'; drop table accounts; --${token}`,
    ]
    for (const text of forged) expect(readOneTimeToken(keys, 'reset', text), text).toBeNull()
  })
})

describe('refresh tokens', () => {
  const sessionId = newId<'session'>()

  it('say of which session and rotation they are, and whether they are genuine', () => {
    const text = makeRefreshToken(keys, sessionId, 3)
    expect(text).toMatch(edgePattern)
    expect(readRefreshToken(keys, text)).toEqual({ sessionId, rotation: 3, text, isGenuine: true })
    expect(readRefreshToken(strangers[0]!, text)).toMatchObject({ isGenuine: false })
    const raised = text.replace('.3.', '.4.')
    expect(readRefreshToken(keys, raised)).toMatchObject({ rotation: 4, isGenuine: false })
  })

  it('have 256 bits that say nothing of the next one', () => {
    const bits = (rotation: number) => makeRefreshToken(keys, sessionId, rotation).split('.')[2]!
    expect(Buffer.from(bits(0), 'base64url')).toHaveLength(32)
    expect(new Set([0, 1, 2, 3].map(bits)).size).toBe(4)
  })

  it('in any other shape are nothing', () => {
    const text = makeRefreshToken(keys, sessionId, 3)
    for (const odd of [
      '',
      'x',
      text.replace('.3.', '.03.'),
      text.replace('.3.', '.-3.'),
      text.replace('.3.', '.3e0.'),
      text.replace('.3.', `.${'9'.repeat(30)}.`),
      `${text}=`,
      text.replace(sessionId, sessionId.toUpperCase()),
      text.replace(sessionId, '0'.repeat(36)),
    ]) {
      expect(readRefreshToken(keys, odd), odd).toBeNull()
    }
  })
})

describe('keys of organisations', () => {
  it('are derived from their id, and told apart by how they begin', () => {
    const [one, other] = [newId(1), newId(2 ** 40)].map((id) => makeApiKey(keys, id)) as [string, string]
    expect(one).toMatch(/^mdk_[A-Za-z0-9_-]{64}$/)
    expect(startOfKey(one)).not.toBe(startOfKey(other))
    expect(one.startsWith(startOfKey(one))).toBe(true)
    expect(hashOfKey(one)).toMatch(/^[0-9a-f]{64}$/)
    expect(makeApiKey(strangers[0]!, newId(1)).slice(-43)).not.toBe(one.slice(-43))
  })
})
