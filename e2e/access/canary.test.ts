import { readdir, readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { allOperations } from '@matchday/contracts'
import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type Account,
  makeAccount,
  type Newcomer,
  realmOperations,
  signIn,
  terminalMailbox,
} from '../support/accounts.ts'
import { ask, requestOf } from '../support/ask.ts'
import { call, must } from '../support/client.ts'
import { invitationTo, registerOrganization } from '../support/organizations.ts'
import { until } from '../support/until.ts'
import { makeTournament } from '../support/world.ts'
import { type Server, startServer } from './server.ts'
import { openSocket } from './watched-socket.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const newcomer = {
  staff: {
    ...{ email: 'canary.keeper@example.org', password: 'canary-password-Zq7vK2' },
    ...{ firstName: 'Canaryfirst', lastName: 'Canarykeeper' },
  },
  players: {
    ...{ email: 'canary.winger@example.org', password: 'canary-password-Wm4xR9' },
    ...{ firstName: 'Canaryfirst', lastName: 'Canarywinger' },
  },
} as const satisfies Record<string, Newcomer>
const mistyped = 'canary-mistyped-Hd3pL5'
const nextPassword = 'canary-successor-Tt8nB4'
const guestLastName = 'Canaryguest'

/** What is nobody's business but of the one it is about. */
const personal = [
  ...[newcomer.staff.email, newcomer.players.email],
  ...[newcomer.staff.lastName, newcomer.players.lastName, guestLastName, 'canary.'],
]
/** What opens something: stands nowhere at all. */
const secrets = new Set<string>([
  ...[newcomer.staff.password, newcomer.players.password, mistyped, nextPassword],
])

/** With a disk of its own. */
let broker: NatsServer
/** With a broker, mails that no server takes can be read in the terminal alone. */
const terminal = terminalMailbox()
let server: Server
let metrics = ''
let dump: ReadonlyMap<string, string>
let rest = ''
let kept = ''
beforeAll(async () => {
  broker = await startNatsServer()
  server = await startServer({ MATCHDAY_NATS_URL: broker.url })
  server.matchday.process.stdout?.on('data', (chunk) => terminal.read(String(chunk)))
  const staff = await visit('staff')
  const player = await visit('players')
  await useOrganization(staff, player)
  metrics = await metricsPage()
  dump = await server.databases.dump()
  rest = await everythingElseOnDisk(server.matchday.dataDirectory)
  kept = await everythingElseOnDisk(broker.storeDir)
})
afterAll(async () => {
  await server.stop()
  await broker.stop()
})

function keepTokens({ accessToken, refreshToken }: Account): void {
  // Whole, and the part that nobody can make.
  secrets.add(accessToken).add(accessToken.split('.')[2]!)
  secrets.add(refreshToken).add(refreshToken.split('.').at(-1)!)
}

async function keepMailed(realm: Account['realm'], email: string): Promise<string> {
  let token = await terminal.mailbox(realm, email)
  // Not the one of the mail before.
  await until(
    'another link is printed',
    async () => !secrets.has((token = await terminal.mailbox(realm, email))),
  )
  secrets.add(token).add(token.split('.').at(-1)!)
  return token
}

/** Everything that an account goes through, with mistakes. */
async function visit(realm: Account['realm']): Promise<Account> {
  const { url } = server
  const account = await makeAccount(url, realm, keepMailed, newcomer[realm])
  keepTokens(account)
  const names = realmOperations[realm]
  const wrong = { email: account.email, password: mistyped }
  expect((await call(url, names.signIn, { body: wrong })).problem.code).toBe('wrong-credentials')
  keepTokens(await signIn(url, account))
  const { body } = await must(url, names.renewSession, { body: { refreshToken: account.refreshToken } })
  keepTokens({ ...account, accessToken: body.accessToken ?? '', refreshToken: body.refreshToken ?? '' })
  await must(url, names.requestReset, { body: { email: account.email } })
  const token = await keepMailed(realm, account.email)
  await must(url, names.resetPassword, { body: { token, newPassword: nextPassword } })
  account.password = nextPassword
  keepTokens(await signIn(url, account))
  ;(await openSocket(url, account.accessToken)).stop()
  // In an address, where a mistaken client might write it; of a body that is none; and of a token that is bad.
  const misplaced = await fetch(`${url}/api/tournaments?email=${encodeURIComponent(account.email)}`)
  expect(misplaced.status).toBeGreaterThanOrEqual(400)
  const broken = requestOf(allOperations[names.signIn], { body: wrong })
  await ask(url, { ...broken, body: `${JSON.stringify(wrong)},` })
  await call(url, names.getProfile, { token: `${account.accessToken}x` })
  return account
}

async function useOrganization({ accessToken: token }: Account, player: Account): Promise<void> {
  const { url } = server
  const organizationId = await registerOrganization(url, token)
  const path = { organizationId }
  const invitation = await invitationTo(url, organizationId, token, 'support')
  secrets.add(invitation).add(invitation.split('.').at(-1)!)
  await must(url, 'lookAtInvitation', { body: { token: invitation } })
  const key = await must(url, 'createApiKey', {
    path,
    token,
    body: { name: 'Key', scopes: ['tournaments:read'] },
  })
  secrets.add(key.body.key).add(key.body.key.slice(-40))
  const made = await makeTournament(url, { token, body: path, seats: [player] })
  secrets.add(made.organizer).add(made.guest.token)
  await must(url, 'joinTournament', {
    path: { id: made.id },
    body: { firstName: 'Gina', lastName: guestLastName },
  })
  await must(url, 'listPlayers', { path: { id: made.id }, token: key.body.key })
  await must(url, 'exportPlayerData', { token: player.accessToken })
}

async function metricsPage(): Promise<string> {
  const address = server.matchday.output().match(/metrics listens on (\S+)/)?.[1] ?? ''
  return (await fetch(`${address}/metrics`)).text()
}

/** What is in a folder besides the database. */
async function everythingElseOnDisk(folder: string): Promise<string> {
  const found: string[] = []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = joinPath(entry.parentPath, entry.name)
    if (!entry.isFile() || path.startsWith(joinPath(folder, 'postgres/'))) continue
    found.push(`${path}\n${await readFile(path, 'latin1')}`)
  }
  return found.join('\n')
}

/** Which of some words are in a text. */
function hits(text: string, words: Iterable<string>): readonly string[] {
  const lower = text.toLowerCase()
  return [...words].filter((word) => word !== '' && lower.includes(word.toLowerCase()))
}

/** Of what is printed, mails that no mail server takes are meant to be seen: their links are all of them. */
function logLines(): string {
  return server.matchday
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .join('\n')
}

describe('canaries', () => {
  it('were let fly: what they are is where it belongs, and would be found', () => {
    const all = [...dump.values()].join('\n')
    expect(hits(all, personal)).toEqual(personal)
    expect(secrets.size).toBeGreaterThan(30)
    expect(hits(`a log line with ${nextPassword.toUpperCase()} in it`, secrets)).toEqual([nextPassword])
    expect(logLines().split('\n').length).toBeGreaterThan(20)
    expect(rest).toContain('postgres.log')
    expect(kept).toContain('jetstream')
    expect(metrics).toContain('matchday_')
  })

  it('passwords and tokens stand in no row of any database', () => {
    const found = [...dump].flatMap(([table, text]) => hits(text, secrets).map((word) => `${table}: ${word}`))
    expect(found).toEqual([])
  })

  it('last names and addresses stand in no event, no kept answer and no outbox', () => {
    const tables = [...dump].filter(([table]) => /\.(events|answers|outbox|snapshots)$/.test(table))
    expect(tables.length).toBeGreaterThan(8)
    expect(
      tables.flatMap(([table, text]) => hits(text, personal).map((word) => `${table}: ${word}`)),
    ).toEqual([])
  })

  it('nothing of it stands in the logs', () => {
    expect(hits(logLines(), [...secrets, ...personal])).toEqual([])
  })

  it('nothing of it stands in what the broker keeps, or in any other file', () => {
    expect(hits(kept, [...secrets, ...personal])).toEqual([])
    expect(hits(rest, [...secrets, ...personal])).toEqual([])
  })

  it('nothing of it stands in the metrics', () => {
    expect(hits(metrics, [...secrets, ...personal])).toEqual([])
  })
})
