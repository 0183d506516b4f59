import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Account, makeAccount } from '../support/accounts.ts'
import { call, must } from '../support/client.ts'
import { liveClient } from '../support/live.ts'
import { until } from '../support/until.ts'
import { type Server, startServer } from './server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const erasedMsMax = 60_000
const firstName = 'Zipporah'
const lastName = 'Quellenberger'
const email = 'zippy.quellenberger@example.org'
const personal = [firstName, lastName, 'zippy.quellenberger', 'Quellenberg']

let server: Server
let account: Account
beforeAll(async () => {
  server = await startServer()
  account = await makeAccount(server.url, 'players', server.mailbox, { email, firstName, lastName })
})
afterAll(() => server.stop())

/** Tables in which something of him stands. */
async function tracesOf(words: readonly string[]): Promise<readonly string[]> {
  const dump = await server.databases.dump()
  return [...dump].flatMap(([table, text]) =>
    words.some((word) => text.toLowerCase().includes(word.toLowerCase())) ? [table] : [],
  )
}

/** A drawn tournament of two, one of whom has an account. */
async function drawnTournament() {
  const { url } = server
  const { body: made } = await must(url, 'createTournament', {
    body: { name: `Cup ${newId()}`, limit: 2, teams: { names: ['Lions', 'Tigers'] } },
  })
  const path = { id: made.id }
  const { body: seat } = await must(url, 'joinTournament', {
    path,
    token: account.accessToken,
    body: { firstName, lastName },
  })
  const { body: guest } = await must(url, 'joinTournament', {
    path,
    body: { firstName: 'Gina', lastName: 'Guest' },
  })
  for (const [{ playerId, playerToken: token }, team] of [
    [seat, 'Lions'],
    [guest, 'Tigers'],
  ] as const) {
    await must(url, 'pickTeam', { path: { ...path, playerId }, token, body: { team } })
  }
  const organizer = made.organizerToken ?? ''
  await must(url, 'drawTeams', { path, token: organizer, body: {} })
  return { id: made.id, playerId: seat.playerId, organizer }
}

it('who deletes his account is nowhere any more within a minute; results keep somebody without a name', async () => {
  const { url } = server
  const { id, playerId, organizer } = await drawnTournament()
  const before = await must(url, 'getTournament', { path: { id } })
  expect(before.text).toContain(firstName)

  // What is known, as he is told it before.
  const { body: exported, text } = await must(url, 'exportPlayerData', { token: account.accessToken })
  expect(exported.account).toMatchObject({ email, firstName, lastName })
  expect(exported.sessions.length).toBeGreaterThan(0)
  expect(exported.seats).toHaveLength(1)
  expect(text).toContain(id)
  expect(await tracesOf(personal)).not.toEqual([])

  const live = liveClient(url)
  await live.watch(id)
  await must(url, 'deletePlayerAccount', { token: account.accessToken, body: { password: account.password } })
  const deletedAt = performance.now()
  await until('nothing of him is left', async () => (await tracesOf(personal)).length === 0)
  const tookMs = performance.now() - deletedAt
  console.log(`erased everywhere in ${Math.round(tookMs)} ms`)
  expect(tookMs).toBeLessThan(erasedMsMax)
  await live.told.until((told) =>
    told.some((item) => item.what === 'publication' && item.data.type === 'player-anonymized'),
  )
  live.stop()

  const after = await must(url, 'getTournament', { path: { id } })
  const shown = [after.text, (await must(url, 'listLog', { path: { id } })).text]
  shown.push((await must(url, 'listPlayers', { path: { id }, token: organizer })).text)
  for (const page of shown) for (const word of personal) expect(page).not.toContain(word)
  // The seat, its team and the draw are as they were.
  const seats = (body: typeof after.body) => body.players.map(({ id, pick, team }) => ({ id, pick, team }))
  expect(seats(after.body)).toEqual(seats(before.body))
  expect(after.body.players.find((player) => player.id === playerId)?.team).toMatch(/^(Lions|Tigers)$/)
  // Nobody comes in with what he had, and the address is as free as if it had never been here.
  expect((await call(url, 'getPlayerProfile', { token: account.accessToken })).status).toBe(401)
  const { email: address, password } = account
  const told = await call(url, 'signInPlayer', { body: { email: address, password } })
  expect(told.problem.code).toBe('wrong-credentials')
})

it('a trace that stays is found', async () => {
  await makeAccount(server.url, 'players', server.mailbox, { firstName: 'Leftover', lastName: 'Lingering' })
  expect(await tracesOf(['Lingering'])).toContain('identity-players.accounts')
})
