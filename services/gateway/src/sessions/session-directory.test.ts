import { Writable } from 'node:stream'
import { newId } from '@matchday/contracts'
import { createLog, createMemoryBus, type MemoryBus, silentLog, systemClock } from '@matchday/kernel'
import { createFakeClock } from '@matchday/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOwnBudgets } from '../limits/shared-budgets.ts'
import type { Ended } from './credential.ts'
import { createSessionDirectory, type SessionDirectory } from './session-directory.ts'
import { keyMissBounds, type SessionLimits, sessionLimits } from './session-limits.ts'
import { FakeIdentity, makeKey } from './testing/fake-identity.ts'

const address = '10.0.0.1'
/** So that nothing is asked for by itself, unless a test wants that. */
const calm: Partial<SessionLimits> = { endedPollMs: 3_600_000, keysPollMs: 3_600_000, retryMs: 5 }
/** As a rule within milliseconds; a busy machine takes its time. */
const soon = { timeout: 10_000, interval: 1 }

let bus: MemoryBus
let identity: FakeIdentity
let directory: SessionDirectory
let ended: Ended[]
const pass = { kind: 'organizer', tournamentId: newId<'tournament'>() } as const

beforeEach(async () => {
  bus = createMemoryBus()
  identity = await FakeIdentity.create(bus)
})
afterEach(async () => {
  directory.close()
  await bus.close()
})

function open(limits: Partial<SessionLimits> = {}, clock = systemClock, log = silentLog): void {
  ended = []
  directory = createSessionDirectory({
    passes: { verify: async (token) => (token === 'pass' ? pass : null) },
    asker: identity,
    bus,
    budgets: createOwnBudgets(clock),
    clock,
    log,
    limits: { ...calm, ...limits },
  })
  directory.onEnded((each) => ended.push(each))
}

async function start(limits: Partial<SessionLimits> = {}, clock = systemClock): Promise<void> {
  open(limits, clock)
  await vi.waitFor(() => expect(missing()).toEqual([]), soon)
}

const missing = () => directory.states().flatMap(({ realm, isKnown }) => (isKnown ? [] : [realm]))

const callerOf = async (token: string) => {
  const found = await directory.verifyToken(token, address)
  return typeof found === 'string' ? found : (found?.caller ?? null)
}

describe('who a token says it is', () => {
  it('is told of every kind of token', async () => {
    await start()
    const [staff, player] = [identity.holder('staff', { platformRole: 'admin' }), identity.holder('players')]
    expect(await callerOf('pass')).toEqual(pass)
    expect(await callerOf(await identity.sign(staff))).toMatchObject({
      kind: 'staff',
      accountId: staff.accountId,
      sessionId: staff.sessionId,
      platformRole: 'admin',
    })
    expect(await callerOf(await identity.sign(player))).toMatchObject({ kind: 'player-account' })
    const organizationId = newId<'organization'>()
    const { key, keyId } = identity.makeApiKey(organizationId, ['tournaments:read', 'organization:read'])
    expect(await callerOf(key)).toEqual({
      kind: 'key',
      keyId,
      organizationId,
      scopes: ['tournaments:read', 'organization:read'],
    })
    for (const nothing of ['', 'x', 'mdk_', 'mdk_x', 'a.b.c', 'Pass'])
      expect(await callerOf(nothing)).toBeNull()
  })

  it('is `expired` of an access token that was good', async () => {
    await start()
    const token = await identity.sign(identity.holder('staff'), Date.now() - 700_000)
    expect(await directory.verifyToken(token, address)).toBe('expired')
  })

  it('is asked of the services as the edge itself, and of public operations as anybody', async () => {
    await start()
    await callerOf(identity.makeApiKey(newId(), []).key)
    const callers = Object.fromEntries(identity.asked.map(({ operation, call }) => [operation, call.caller]))
    expect(callers).toEqual({
      getStaffKeys: { kind: 'anyone' },
      getPlayerKeys: { kind: 'anyone' },
      listRevocations: { kind: 'service', service: 'gateway' },
      findApiKey: { kind: 'service', service: 'gateway' },
    })
  })
})

describe('before it is known what has ended', () => {
  it('access tokens can’t be checked, and passes can; from then on they are, whatever happens', async () => {
    identity.isAway = true
    open()
    const token = await identity.sign(identity.holder('staff'))
    await expect(callerOf(token)).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    expect(missing()).toEqual(['staff', 'players'])
    expect(await callerOf('pass')).toEqual(pass)
    identity.isAway = false
    await vi.waitFor(() => expect(missing()).toEqual([]), soon)
    expect(await callerOf(token)).toMatchObject({ kind: 'staff' })
    identity.isAway = true
    expect(await callerOf(await identity.sign(identity.holder('staff')))).toMatchObject({ kind: 'staff' })
  })

  it('nothing is said as long as services may take to start; what lasts is told once, and its end', async () => {
    const clock = createFakeClock()
    const lines: { what: string; problem: string; msg: string }[] = []
    const write = (line: string): null => {
      lines.push(JSON.parse(line))
      return null
    }
    identity.isAway = true
    open({}, clock, createLog('info', new Writable({ write: (line, _, done) => done(write(String(line))) })))
    const askedTwice = async () => {
      const asked = identity.asked.length
      await vi.waitFor(() => expect(identity.asked.length).toBeGreaterThan(asked + 8), soon)
    }
    await askedTwice()
    clock.advance(sessionLimits.patienceMs - 1)
    await askedTwice()
    expect(lines).toEqual([])
    clock.advance(1)
    await askedTwice()
    await askedTwice()
    const told = lines.map(({ what, problem, msg }) => `${what}: ${problem} (${msg})`)
    expect(told.toSorted()).toEqual([
      'keys of players: unavailable (not known for a while)',
      'keys of staff: unavailable (not known for a while)',
      'sessions of players that have ended: unavailable (not known for a while)',
      'sessions of staff that have ended: unavailable (not known for a while)',
    ])
    identity.isAway = false
    await vi.waitFor(() => expect(missing()).toEqual([]), soon)
    expect(lines.slice(4).map(({ msg }) => msg)).toEqual(Array.from({ length: 4 }, () => 'known again'))
  })

  it('and before the first key is made: its tokens are not refused, they can’t be checked', async () => {
    const { published } = identity.of.staff
    identity.of.staff.published = []
    open()
    await vi.waitFor(() => expect(missing()).toEqual(['staff']), soon)
    const token = await identity.sign(identity.holder('staff'))
    await expect(callerOf(token)).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    identity.of.staff.published = published
    await vi.waitFor(() => expect(missing()).toEqual([]), soon)
    expect(await callerOf(token)).toMatchObject({ kind: 'staff' })
  })

  it('is all of it, page after page', async () => {
    const holders = Array.from({ length: 25 }, () => identity.holder('staff'))
    identity.pageSize = 10
    for (const [index, holder] of holders.entries()) {
      await (index % 2 === 0 ? identity.endAccount(holder, 2, false) : identity.endSession(holder, false))
    }
    const tokens = await Promise.all(holders.map((holder) => identity.sign(holder)))
    await start()
    expect(await Promise.all(tokens.map(callerOf))).toEqual(tokens.map(() => null))
    expect(await callerOf(await identity.sign({ ...holders[0]!, generation: 2 }))).toMatchObject({
      kind: 'staff',
    })
  })
})

describe('what ends', () => {
  it('is known with its event, and told', async () => {
    await start()
    const [account, session, deleted] = [
      identity.holder('staff'),
      identity.holder('players'),
      identity.holder('players'),
    ]
    const tokens = await Promise.all([account, session, deleted].map((holder) => identity.sign(holder)))
    expect(await Promise.all(tokens.map(callerOf))).not.toContain(null)
    await identity.endAccount(account, 2)
    await identity.endSession(session)
    await identity.deleteAccount(deleted)
    await vi.waitFor(() => expect(ended).toHaveLength(3), soon)
    expect(await Promise.all(tokens.map(callerOf))).toEqual([null, null, null])
    expect(ended).toEqual([
      { what: 'account', id: account.accountId },
      { what: 'session', id: session.sessionId },
      { what: 'account', id: deleted.accountId },
    ])
    // He signs in again, within the same second.
    expect(await callerOf(await identity.sign({ ...account, generation: 2 }))).toMatchObject({
      kind: 'staff',
    })
    expect(await callerOf(await identity.sign({ ...session, sessionId: newId() }))).not.toBeNull()
  })

  it('is found out by asking when its event got lost, and told once', async () => {
    await start({ endedPollMs: 10 })
    const holder = identity.holder('staff')
    const token = await identity.sign(holder)
    expect(await callerOf(token)).not.toBeNull()
    await identity.endAccount(holder, 2, false)
    await vi.waitFor(async () => expect(await callerOf(token)).toBeNull(), soon)
    const asked = identity.countOf('listRevocations')
    await vi.waitFor(() => expect(identity.countOf('listRevocations')).toBeGreaterThan(asked + 4), soon)
    expect(ended).toEqual([{ what: 'account', id: holder.accountId }])
  })

  it('is asked for when the bus is back', async () => {
    await start()
    const holder = identity.holder('staff')
    const token = await identity.sign(holder)
    bus.setState('down')
    await identity.endAccount(holder, 2, false)
    expect(await callerOf(token)).not.toBeNull()
    bus.setState('up')
    await vi.waitFor(async () => expect(await callerOf(token)).toBeNull(), soon)
  })

  it('of one realm is not of the other', async () => {
    await start()
    const staff = identity.holder('staff')
    // The same id, which no two accounts have.
    await identity.endAccount({ ...staff, realm: 'players' }, 9)
    await vi.waitFor(() => expect(ended).toHaveLength(1), soon)
    expect(await callerOf(await identity.sign(staff))).not.toBeNull()
  })

  it('ends what is there by it', async () => {
    await start()
    const holder = identity.holder('staff')
    const credential = await directory.verifyToken(await identity.sign(holder), address)
    if (credential === null || credential === 'expired') throw new Error('it is good')
    expect(await directory.isStillGood(credential)).toBe(true)
    await identity.endSession(holder)
    await vi.waitFor(() => expect(ended).toHaveLength(1), soon)
    expect(await directory.isStillGood(credential)).toBe(false)
    expect(await directory.isStillGood({ kind: 'pass', caller: pass })).toBe(true)
  })
})

describe('keys that sign', () => {
  /** Clients that ask without a pause, each time with a token that has just been signed. */
  async function underLoad(
    work: (untilMore: () => Promise<unknown>) => Promise<void>,
  ): Promise<readonly string[]> {
    const outcomes: string[] = []
    let isOver = false
    const client = async () => {
      while (!isOver) {
        const caller = await callerOf(await identity.sign(identity.holder('staff')))
        outcomes.push(caller === null || typeof caller === 'string' ? 'refused' : 'good')
      }
    }
    const clients = Array.from({ length: 8 }, client)
    await work(() => {
      const before = outcomes.length
      return vi.waitFor(() => expect(outcomes.length).toBeGreaterThan(before + 20), {
        interval: 1,
        timeout: 20_000,
      })
    })
    isOver = true
    await Promise.all(clients)
    return outcomes
  }

  it('change under load, and nobody is refused', async () => {
    await start({ keysPollMs: 10 })
    const state = identity.of.staff
    const outcomes = await underLoad(async (untilMore) => {
      for (let count = 0; count < 5; count++) {
        const [next, asked] = [await makeKey(), identity.countOf('getStaffKeys')]
        // Known everywhere before it signs; those before stay until their tokens are over.
        state.published = [...state.published.slice(-2), next]
        await vi.waitFor(() => expect(identity.countOf('getStaffKeys')).toBeGreaterThan(asked + 1), soon)
        state.signing = next
        await untilMore()
      }
    })
    expect(outcomes.filter((outcome) => outcome === 'refused')).toEqual([])
    expect(outcomes.length).toBeGreaterThan(20)
  })

  it('may sign before anybody has heard of them: whoever comes first makes the edge ask', async () => {
    await start({ unknownKeyMs: 0 })
    const outcomes = await underLoad(async (untilMore) => {
      for (let count = 0; count < 5; count++) {
        const [next, asked] = [await makeKey(), identity.countOf('getStaffKeys')]
        identity.of.staff.published = [...identity.of.staff.published, next]
        identity.of.staff.signing = next
        await vi.waitFor(() => expect(identity.countOf('getStaffKeys')).toBeGreaterThan(asked), soon)
        await untilMore()
      }
    })
    expect(outcomes.filter((outcome) => outcome === 'refused')).toEqual([])
  })

  it('that are gone sign nothing any more', async () => {
    await start({ keysPollMs: 20 })
    const token = await identity.sign(identity.holder('staff'))
    expect(await callerOf(token)).not.toBeNull()
    const next = await makeKey()
    identity.of.staff = { ...identity.of.staff, published: [next], signing: next }
    await vi.waitFor(async () => expect(await callerOf(token)).toBeNull(), soon)
    expect(await callerOf(await identity.sign(identity.holder('staff')))).not.toBeNull()
  })

  it('that nobody knows are asked for once in a while, not by each forger', async () => {
    const clock = createFakeClock(new Date().toISOString())
    await start({}, clock)
    const asked = identity.countOf('getStaffKeys')
    const forge = async () => {
      const stranger = await FakeIdentity.create(bus)
      return stranger.sign(stranger.holder('staff'), clock.now())
    }
    clock.advance(sessionLimits.unknownKeyMs)
    for (let count = 0; count < 20; count++) expect(await callerOf(await forge())).toBeNull()
    expect(identity.countOf('getStaffKeys')).toBe(asked + 1)
    clock.advance(sessionLimits.unknownKeyMs)
    expect(await callerOf(await forge())).toBeNull()
    expect(identity.countOf('getStaffKeys')).toBe(asked + 2)
    // Nobody can say whether it is a new one.
    clock.advance(sessionLimits.unknownKeyMs)
    identity.isAway = true
    await expect(callerOf(await forge())).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('keys of organisations', () => {
  it('are asked for by their hash, once in a while, however many ask', async () => {
    const clock = createFakeClock()
    await start({}, clock)
    const { key, hash } = identity.makeApiKey(newId(), ['tournaments:read'])
    const found = await Promise.all(Array.from({ length: 50 }, () => callerOf(key)))
    expect(new Set(found.map((caller) => JSON.stringify(caller))).size).toBe(1)
    await callerOf(key)
    expect(identity.countOf('findApiKey')).toBe(1)
    expect(JSON.stringify(identity.asked)).not.toContain(key)
    expect(identity.asked.at(-1)?.call.input).toEqual({ hash })
    clock.advance(sessionLimits.keyKeptMs)
    await callerOf(key)
    expect(identity.countOf('findApiKey')).toBe(2)
  })

  it('that were revoked end at once, also when an answer from before is still on its way', async () => {
    await start()
    const kept = identity.makeApiKey(newId(), [])
    const asking = identity.makeApiKey(newId(), [])
    const credential = await directory.verifyToken(kept.key, address)
    let open = () => {}
    identity.gate = new Promise((resolve) => {
      open = resolve
    })
    const onItsWay = callerOf(asking.key)
    await identity.revokeApiKey(kept)
    await identity.revokeApiKey(asking)
    await vi.waitFor(() => expect(ended).toHaveLength(2), soon)
    open()
    expect(await onItsWay).toBeNull()
    expect(await callerOf(kept.key)).toBeNull()
    expect(await callerOf(asking.key)).toBeNull()
    expect(ended).toContainEqual({ what: 'key', id: kept.keyId })
    if (credential === null || credential === 'expired') throw new Error('it was good')
    expect(await directory.isStillGood(credential)).toBe(false)
  })

  it('that were revoked without a word end when they are asked for again', async () => {
    const clock = createFakeClock()
    await start({}, clock)
    const made = identity.makeApiKey(newId(), [])
    expect(await callerOf(made.key)).not.toBeNull()
    await identity.revokeApiKey(made, false)
    expect(await callerOf(made.key)).not.toBeNull()
    clock.advance(sessionLimits.keyKeptMs)
    expect(await callerOf(made.key)).toBeNull()
  })

  it('end when their time is over, kept or not', async () => {
    const clock = createFakeClock()
    await start({}, clock)
    const end = new Date(clock.now() + 10_000).toISOString()
    const { key } = identity.makeApiKey(newId(), [], end)
    expect(await callerOf(key)).not.toBeNull()
    clock.advance(9_999)
    expect(await callerOf(key)).not.toBeNull()
    clock.advance(1)
    expect(await callerOf(key)).toBeNull()
    clock.advance(sessionLimits.keyKeptMs)
    expect(await callerOf(key)).toBeNull()
  })

  it('can’t be guessed: not-found answers are counted by address, good keys are not', async () => {
    const clock = createFakeClock()
    await start({}, clock)
    const made = identity.makeApiKey(newId(), [])
    const guess = (index: number) => directory.verifyToken(`mdk_${String(index).padStart(40, 'x')}`, address)
    for (let count = 0; count < keyMissBounds.perAddress; count++) expect(await guess(count)).toBeNull()
    await expect(guess(99)).rejects.toMatchObject({ code: 'too-many-requests', retryAfterS: 2 })
    expect(identity.countOf('findApiKey')).toBe(keyMissBounds.perAddress)
    // Elsewhere nobody notices.
    expect(await directory.verifyToken(made.key, '10.0.0.2')).not.toBeNull()
    for (let count = 0; count < 100; count++)
      expect(await directory.verifyToken(made.key, address)).not.toBeNull()
  })

  it('that nobody can look up now are not refused', async () => {
    await start()
    identity.isAway = true
    await expect(callerOf(identity.makeApiKey(newId(), []).key)).rejects.toMatchObject({
      code: 'unavailable',
    })
  })

  it('are kept in bounds', async () => {
    await start({ keysKeptMax: 3 })
    const made = Array.from({ length: 5 }, () => identity.makeApiKey(newId(), []))
    for (const { key } of made) await callerOf(key)
    for (const { key } of made.slice(2)) await callerOf(key)
    expect(identity.countOf('findApiKey')).toBe(5)
    await callerOf(made[0]!.key)
    expect(identity.countOf('findApiKey')).toBe(6)
  })
})
