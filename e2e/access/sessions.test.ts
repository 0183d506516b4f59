import { newId, type Realm, realms } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Account, freshPassword, makeAccount, realmOperations, tokensOf } from '../support/accounts.ts'
import { call, must } from '../support/client.ts'
import { until } from '../support/until.ts'
import { type Server, startServer } from './server.ts'
import { openSocket } from './watched-socket.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

/** A second is the promise, where nothing else runs; without the event it takes five until a session is asked about. */
const endedMsMax = 3_000
const graceMs = 10_000

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const serviceOf = { staff: 'identity-staff', players: 'identity-players' } as const

async function codeWith(realm: Realm, token: string): Promise<string> {
  const { status, problem } = await call(server.url, realmOperations[realm].getProfile, { token })
  return status < 300 ? 'ok' : problem.code
}

/** How long a token went on being good. */
async function refusedAfterMs(realm: Realm, token: string): Promise<number> {
  const startedAt = performance.now()
  await until('the session is over', async () => (await codeWith(realm, token)) === 'not-authenticated')
  return performance.now() - startedAt
}

async function signInAnew({ realm, email, password }: Account) {
  const { body } = await must(server.url, realmOperations[realm].signIn, { body: { email, password } })
  return tokensOf(body)
}

const renew = (realm: Realm, refreshToken: string) =>
  call(server.url, realmOperations[realm].renewSession, { body: { refreshToken } })

describe.each(realms)('a session of %s', (realm) => {
  it('that is signed out ends at once with its socket; one that begins within the same second is good', async () => {
    const account = await makeAccount(server.url, realm, server.mailbox)
    const old = await openSocket(server.url, account.accessToken)
    let second = -1
    let next = { accessToken: account.accessToken, refreshToken: '', sessionId: '' }
    let before = next.accessToken
    let endedAt = 0
    // Until both fall into one second of the clock, which tokens count in.
    for (let tries = 0; second === -1 && tries < 5; tries++) {
      before = next.accessToken
      const began = Math.floor(Date.now() / 1_000)
      await must(server.url, realmOperations[realm].signOut, { token: before })
      endedAt = performance.now()
      next = await signInAnew(account)
      if (Math.floor(Date.now() / 1_000) === began) second = began
    }
    expect(second).toBeGreaterThan(0)
    expect(await refusedAfterMs(realm, before)).toBeLessThan(endedMsMax)
    await old.closed.until((all) => all.length === 1)
    expect(old.closed.items[0]!.at - endedAt).toBeLessThan(endedMsMax)
    const fresh = await openSocket(server.url, next.accessToken)
    expect(await codeWith(realm, next.accessToken)).toBe('ok')
    expect(await codeWith(realm, account.accessToken)).toBe('not-authenticated')
    expect((await renew(realm, account.refreshToken)).problem.code).toBe('session-ended')
    expect(fresh.isOpen()).toBe(true)
    fresh.stop()
  })

  it('is renewed alike for two tabs; what is used again later ends it, and its socket', async () => {
    const account = await makeAccount(server.url, realm, server.mailbox)
    const [one, other] = await Promise.all([
      renew(realm, account.refreshToken),
      renew(realm, account.refreshToken),
    ])
    expect(one.status).toBe(200)
    expect(other.body.refreshToken).toBe(one.body.refreshToken)
    const { accessToken = '', refreshToken = '' } = one.body
    expect(refreshToken).not.toBe(account.refreshToken)
    const socket = await openSocket(server.url, accessToken)
    // The clock is played: the renewal was longer ago than another tab may take.
    const played = `update sessions set rotated_at = rotated_at - make_interval(secs => $1) where id = $2`
    await server.databases.rows(serviceOf[realm], played, [graceMs / 1_000, account.sessionId])
    expect(await codeWith(realm, accessToken)).toBe('ok')

    const reused = await renew(realm, account.refreshToken)
    const endedAt = performance.now()
    expect(reused.problem.code).toBe('session-ended')
    expect(await refusedAfterMs(realm, accessToken)).toBeLessThan(endedMsMax)
    await socket.closed.until((all) => all.length === 1)
    expect(socket.closed.items[0]!.at - endedAt).toBeLessThan(endedMsMax)
    expect((await renew(realm, refreshToken)).problem.code).toBe('session-ended')
  })

  it('ends when the password is changed elsewhere; where it was changed, one goes on', async () => {
    const account = await makeAccount(server.url, realm, server.mailbox)
    const elsewhere = await signInAnew(account)
    const socket = await openSocket(server.url, elsewhere.accessToken)
    const { body } = await must(server.url, realmOperations[realm].changePassword, {
      token: account.accessToken,
      body: { oldPassword: account.password, newPassword: freshPassword() },
    })
    const endedAt = performance.now()
    expect(await refusedAfterMs(realm, elsewhere.accessToken)).toBeLessThan(endedMsMax)
    await socket.closed.until((all) => all.length === 1)
    expect(socket.closed.items[0]!.at - endedAt).toBeLessThan(endedMsMax)
    expect(await codeWith(realm, account.accessToken)).toBe('not-authenticated')
    expect((await renew(realm, elsewhere.refreshToken)).problem.code).toBe('session-ended')
    expect(await codeWith(realm, tokensOf(body).accessToken)).toBe('ok')
  })
})

it('what ends nobody leaves sockets open: nonsense for a renewal, and somebody else who signs out', async () => {
  const account = await makeAccount(server.url, 'staff', server.mailbox)
  const other = await makeAccount(server.url, 'staff', server.mailbox)
  const socket = await openSocket(server.url, account.accessToken)
  const nonsense = `${account.sessionId}.${'A'.repeat(43)}`
  expect((await renew('staff', nonsense)).problem.code).toBe('session-ended')
  expect((await renew('staff', `${newId()}.${'A'.repeat(43)}`)).problem.code).toBe('session-ended')
  await must(server.url, 'signOutStaff', { token: other.accessToken })
  expect(await refusedAfterMs('staff', other.accessToken)).toBeLessThan(endedMsMax)
  expect(await codeWith('staff', account.accessToken)).toBe('ok')
  expect(socket.isOpen()).toBe(true)
  socket.stop()
})
