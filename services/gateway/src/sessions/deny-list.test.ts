import { newId, type StaffId } from '@matchday/contracts'
import type { AccessToken } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { DenyList } from './deny-list.ts'
import { sessionLimits } from './session-limits.ts'

const accountId = newId<'staff'>()

function token(more: { account?: StaffId; generation?: number; issuedAtMs?: number } = {}): AccessToken {
  const { account = accountId, generation = 1, issuedAtMs = 1_000 } = more
  const caller = { kind: 'staff', accountId: account, sessionId: newId<'session'>() } as const
  return { realm: 'staff', caller, generation, issuedAtMs, expiresAtMs: issuedAtMs + 600_000 }
}

describe('what has ended', () => {
  it('is an account’s earlier generations, and not its later ones', () => {
    const list = new DenyList(sessionLimits)
    expect(list.hasEnded(token())).toBe(false)
    expect(list.endAccount(accountId, 3, 2_000)).toBe(true)
    expect([1, 2, 3, 4].map((generation) => list.hasEnded(token({ generation })))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(list.hasEnded(token({ account: newId<'staff'>() }))).toBe(false)
  })

  it('never goes back to an earlier generation, in whatever order it is told', () => {
    const list = new DenyList(sessionLimits)
    list.endAccount(accountId, 5, 2_000)
    expect(list.endAccount(accountId, 3, 2_000)).toBe(false)
    expect(list.endAccount(accountId, 5, 2_000)).toBe(false)
    expect(list.hasEnded(token({ generation: 4 }))).toBe(true)
    expect(list.endAccount(accountId, 6, 2_000)).toBe(true)
    expect(list.size).toBe(1)
  })

  it('is one session, and not the others of its account', () => {
    const list = new DenyList(sessionLimits)
    const [ended, other] = [token(), token()]
    expect(list.endSession(ended.caller.sessionId, 2_000)).toBe(true)
    expect(list.endSession(ended.caller.sessionId, 2_000)).toBe(false)
    expect([list.hasEnded(ended), list.hasEnded(other)]).toEqual([true, false])
  })

  it('is kept until the last token of before is over, counted from when it was last told', () => {
    const list = new DenyList(sessionLimits)
    const ended = token()
    list.endSession(ended.caller.sessionId, 0)
    list.endAccount(accountId, 2, 0)
    list.endAccount(accountId, 2, 10_000)
    list.sweep(604_999)
    expect(list.size).toBe(2)
    list.sweep(605_000)
    expect(list.size).toBe(1)
    list.sweep(615_000)
    expect(list.size).toBe(0)
  })

  it('is bounded: what is forgotten makes tokens of before it worthless, and later ones not', () => {
    const list = new DenyList({ ...sessionLimits, endedMax: 3 })
    const first = token({ issuedAtMs: 9_000 })
    list.endSession(first.caller.sessionId, 10_000)
    list.endAccount(newId(), 2, 11_000)
    list.endAccount(newId(), 2, 12_000)
    expect(list.hasEnded(token({ issuedAtMs: 9_000 }))).toBe(false)
    list.endAccount(newId(), 2, 13_000)
    expect(list.size).toBe(3)
    expect(list.hasEnded(first)).toBe(true)
    expect(list.hasEnded(token({ issuedAtMs: 10_000 }))).toBe(true)
    expect(list.hasEnded(token({ issuedAtMs: 10_001 }))).toBe(false)
  })
})
