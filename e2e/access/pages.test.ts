import { once } from 'node:events'
import { allOperations, newId, type Operation, type OperationName, operationList } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type Account, makeAccount } from '../support/accounts.ts'
import { ask, type OperationCall, requestOf, type Told } from '../support/ask.ts'
import { changedTables } from '../support/databases.ts'
import { liveUrl } from '../support/live.ts'
import { registerOrganization } from '../support/organizations.ts'
import { makeTournament } from '../support/world.ts'
import { untilQuiet } from './matrix.ts'
import { type Server, startServer } from './server.ts'
import { saidOnSocket } from './sockets.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** What pages of other sites can make a visitor's browser do, who is signed in here. */
let server: Server
let account: Account
/** As the browser keeps them, by how the page came: by the machine's own name, or by another one in the network. */
let cookies: Record<'localhost' | 'cup.example', string>
let organizationId = ''
let tournament = ''
const hosts = ['localhost', 'cup.example'] as const
type Host = (typeof hosts)[number]

beforeAll(async () => {
  server = await startServer()
  const { url, mailbox } = server
  account = await makeAccount(url, 'staff', mailbox)
  const { accessToken: token } = account
  organizationId = await registerOrganization(url, token)
  const made = await makeTournament(url, { token, body: { organizationId, visibility: 'private' } })
  tournament = made.id
  cookies = { localhost: await signInAt('localhost'), 'cup.example': await signInAt('cup.example') }
  await untilQuiet(server.databases)
})
afterAll(() => server.stop())

const hostOf = (host: Host) => `${host}:${new URL(server.url).port}`
const originOf = (host: Host) => `http://${hostOf(host)}`

function askFrom(name: OperationName, host: Host, call: OperationCall): Promise<Told> {
  const headers = { host: hostOf(host), ...call.headers }
  return ask(server.url, requestOf(allOperations[name], { ...call, headers }))
}

/** Signs in as a page does; the cookies that come back, without what only browsers need. */
async function signInAt(host: Host): Promise<string> {
  const { email, password } = account
  const told = await askFrom('signInStaff', host, {
    headers: { origin: originOf(host), 'sec-fetch-site': 'same-origin' },
    body: { email, password, cookies: true },
  })
  expect(told.code).toBe('ok')
  expect(Object.keys(JSON.parse(told.text))).not.toContain('accessToken')
  const set = told.headers.getSetCookie()
  const secure = host === 'localhost' ? '; Secure' : ''
  for (const cookie of set) {
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Strict/)
    expect(cookie.includes('; Secure')).toBe(secure !== '')
    expect(cookie.startsWith('__Host-')).toBe(secure !== '')
    expect(cookie).not.toMatch(/; Domain/i)
  }
  return set.map((cookie) => cookie.slice(0, cookie.indexOf(';'))).join('; ')
}

/** Where a request comes from, as a browser writes it; by the host that it goes to. */
const foreignPages: Record<string, (host: Host) => Record<string, string>> = {
  'no origin': () => ({}),
  'the origin null': () => ({ origin: 'null' }),
  'another site': () => ({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
  'another site, in an old browser': () => ({ origin: 'https://evil.example' }),
  'a host below': (host) => ({ origin: `http://a.${hostOf(host)}`, 'sec-fetch-site': 'same-site' }),
  'a name that ends alike': (host) => ({ origin: `http://evil${hostOf(host)}` }),
  'a name that begins alike': (host) => ({ origin: `http://${host}.evil.example` }),
  'our host as a user': (host) => ({ origin: `http://${hostOf(host)}@evil.example` }),
  'another port': (host) => ({ origin: `http://${host}:1`, 'sec-fetch-site': 'same-site' }),
  'a path behind': (host) => ({ origin: `${originOf(host)}/` }),
  'upper case': (host) => ({ origin: originOf(host).toUpperCase() }),
  'a dot behind': (host) => ({ origin: `http://${host}.:${new URL(server.url).port}` }),
  'a file': () => ({ origin: 'file://' }),
  'two in one': (host) => ({ origin: `${originOf(host)}, https://evil.example` }),
  'ours, and metadata that says cross-site': (host) => ({
    origin: originOf(host),
    'sec-fetch-site': 'cross-site',
  }),
  'ours, and metadata that says same-site': (host) => ({
    origin: originOf(host),
    'sec-fetch-site': 'same-site',
  }),
}

/** Changes that a session stands behind. */
function changes(): readonly (readonly [OperationName, OperationCall])[] {
  return [
    ['changeStaffProfile', { body: { firstName: newId() } }],
    ['createTournament', { body: { name: `Cup ${newId()}`, limit: 4, organizationId } }],
    ['changeOrganization', { params: { organizationId }, body: { address: 'Evil street' } }],
    ['createInvitation', { params: { organizationId }, body: { role: 'manager' } }],
    ['archiveTournament', { params: { id: tournament } }],
    ['signOutStaff', {}],
  ]
}

async function figuresAround(work: () => Promise<void>): Promise<readonly string[]> {
  const before = await server.databases.figures()
  await work()
  return changedTables(before, await server.databases.figures())
}

describe.each(hosts)('a page of somebody else, of a visitor who is signed in at %s,', (host) => {
  it.each(Object.keys(foreignPages))('changes nothing: %s', async (page) => {
    const headers = { cookie: cookies[host], ...foreignPages[page]?.(host) }
    const changed = await figuresAround(async () => {
      for (const [name, call] of changes()) {
        expect((await askFrom(name, host, { ...call, headers })).code, name).toBe('cross-origin')
      }
      const renewed = await askFrom('renewStaffSession', host, { headers, body: {} })
      expect(renewed.code).toBe('cross-origin')
      expect(renewed.headers.getSetCookie()).toEqual([])
    })
    expect(changed).toEqual([])
  })

  it('can’t sign him in as somebody else', async () => {
    const { email, password } = account
    for (const [page, headers] of Object.entries(foreignPages)) {
      if (page === 'no origin') continue
      const told = await askFrom('signInStaff', host, {
        headers: headers(host),
        body: { email, password, cookies: true },
      })
      expect([told.code, told.headers.getSetCookie()], page).toEqual(['cross-origin', []])
    }
  })

  it('is not let read what it made him ask for', async () => {
    const headers = { cookie: cookies[host], ...foreignPages['another site']?.(host) }
    const told = await askFrom('getStaffProfile', host, { headers })
    expect(told.code).toBe('ok')
    expect(told.headers.get('access-control-allow-origin')).toBeNull()
    expect(told.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })

  it('that is a form or a plain text is no request at all, even from ours', async () => {
    const operation = allOperations.createTournament
    const body = JSON.stringify({ name: `Cup ${newId()}`, limit: 4 })
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'text/plain; charset=utf-8; application/json',
    ]) {
      const headers = {
        ...{ host: hostOf(host), cookie: cookies[host], origin: originOf(host) },
        'content-type': type,
      }
      const request = { ...requestOf(operation, { headers }), body }
      expect((await ask(server.url, request)).code, type).toBe('unsupported-media-type')
    }
  })

  it('opens no socket that brings his session', async () => {
    for (const [page, headers] of Object.entries(foreignPages)) {
      const sent: Record<string, string> = {
        ...{ host: hostOf(host), cookie: cookies[host] },
        ...headers(host),
      }
      // Only the origin is looked at there: metadata says nothing about a socket that its page could not say itself.
      if (sent.origin === originOf(host)) continue
      expect(await upgraded(sent), page).toBe(403)
    }
  })

  it('is what stands against it: from ours, all of it is done', async () => {
    const headers = { cookie: cookies[host], origin: originOf(host), 'sec-fetch-site': 'same-origin' }
    expect(await upgraded({ host: hostOf(host), ...headers })).toBe(101)
    const listen = [{ connect: {} }, { subscribe: { channel: `tournament:${tournament}` } }]
    expect(await saidOnSocket(server.url, listen, { host: hostOf(host), ...headers })).toBe('ok')
    const changed = await figuresAround(async () => {
      for (const [name, call] of changes().slice(0, 4)) {
        expect((await askFrom(name, host, { ...call, headers })).code, name).toBe('ok')
      }
    })
    expect(changed).toEqual(
      expect.arrayContaining(['identity-staff.accounts', 'organizations.invitations', 'tournaments.events']),
    )
    await untilQuiet(server.databases)
  })
})

async function upgraded(headers: Readonly<Record<string, string>>): Promise<number> {
  const socket = new WebSocket(liveUrl(server.url), { headers })
  socket.on('error', () => {})
  const refused = once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode))
  const opened = once(socket, 'open').then(() => 101)
  for (const promise of [refused, opened]) promise.catch(() => undefined)
  try {
    return await Promise.race([refused, opened])
  } finally {
    socket.terminate()
  }
}

describe('asking', () => {
  const reads = operationList.filter(({ route: [method] }) => method === 'GET')
  const inPath = (): Record<string, string> => ({ id: tournament, organizationId, code: 'ZZZZZZ' })

  async function askAll(headers: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const codes: string[] = []
    for (const operation of reads) {
      const { code } = await ask(server.url, requestOf(operation, { params: paramsOf(operation), headers }))
      codes.push(code)
    }
    return codes
  }
  const paramsOf = ({ params }: Operation) =>
    Object.fromEntries(Object.keys(params?.properties ?? {}).map((key) => [key, inPath()[key] ?? newId()]))

  it('changes nothing, whoever asks, and whatever other method the headers name', async () => {
    await untilQuiet(server.databases)
    const session = { cookie: cookies.localhost, host: hostOf('localhost') }
    const changed = await figuresAround(async () => {
      const codes = await askAll(session)
      expect(codes.filter((code) => code === 'ok').length).toBeGreaterThan(15)
      for (const method of ['DELETE', 'POST', 'PATCH', 'PUT']) {
        const told = await askAll({
          ...session,
          'x-http-method-override': method,
          'x-http-method': method,
          'x-method-override': method,
        })
        expect(told).toEqual(codes)
      }
    })
    expect(changed).toEqual([])
  })
})
