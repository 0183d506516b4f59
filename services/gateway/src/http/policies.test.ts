import { type Operation, operationList, type Policy } from '@matchday/contracts'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  boundlessBudgets,
  createFixture,
  type Fixture,
  goodReply,
  ids,
  inputFor,
  type Token,
  targets,
  tokens,
} from './edge-fixture.ts'
import { isFromThisComputer } from './transport.ts'

/** Whom the edge lets through. What somebody may do in an organisation the services decide. */
const staff = ['staff-token', 'admin-token', 'superadmin-token'] as const
const keys = ['key-token', 'other-key-token', 'bare-key-token'] as const
const allowed: Record<Policy, readonly (Token | 'nobody')[]> = {
  anyone: ['nobody', ...tokens.filter((token) => !isKey(token))],
  organizer: ['organizer-token', ...staff],
  player: ['player-token', 'other-player-token'],
  self: ['player-token'],
  'organizer-or-self': ['organizer-token', 'player-token', ...staff],
  staff,
  'player-account': ['player-account-token'],
  support: staff,
  manager: staff,
  owner: staff,
  admin: ['admin-token', 'superadmin-token'],
  superadmin: ['superadmin-token'],
  local: ['nobody', ...tokens.filter((token) => !isKey(token))],
}

function isKey(token: Token): boolean {
  return keys.some((key) => key === token)
}

/** A key: where the contract names a scope that it has, and not in another organisation's place. */
function isAllowed({ policy, scope, params }: Operation, token: Token | 'nobody'): boolean {
  if (token === 'nobody' || !isKey(token)) return allowed[policy].includes(token)
  const inOrganization = params?.properties.organizationId !== undefined
  if (scope === undefined || token === 'bare-key-token') return false
  return token === 'key-token' || !inOrganization
}

let fixture: Fixture
beforeAll(async () => {
  fixture = await createFixture(goodReply, { budgets: boundlessBudgets })
})
beforeEach(() => {
  fixture.asked.length = 0
})

async function ask(operation: Operation, token: Token | 'nobody', headers: Record<string, string> = {}) {
  const target = targets.find((each) => each.operation === operation)!
  const { path, body } = inputFor(target)
  const answer = await fixture.edge.inject({
    method: operation.route[0],
    url: path,
    headers: {
      ...(token === 'nobody' ? {} : { authorization: `Bearer ${token}` }),
      ...(operation.expectedVersion === 'required' ? { 'if-match': '"3"' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: answer.statusCode, code: answer.body === '' ? undefined : answer.json().code }
}

describe('every operation, for every kind of caller', () => {
  const cells = operationList.flatMap((operation) =>
    (['nobody', ...tokens] as const).map((token) => ({ operation, token })),
  )

  it('is let through to exactly those whom its policy names', async () => {
    expect(cells.length).toBeGreaterThan(1_000)
    const surprises: string[] = []
    for (const { operation, token } of cells) {
      const before = fixture.asked.length
      const { status, code } = await ask(operation, token)
      const expected = isAllowed(operation, token)
        ? 'through'
        : token === 'nobody'
          ? '401 not-authenticated'
          : '403 not-allowed'
      const found = status < 300 ? 'through' : `${status} ${code}`
      const wasAsked = fixture.asked.length > before
      if (found !== expected || wasAsked !== (expected === 'through')) {
        surprises.push(`${operation.name} for ${token}: ${found}, ${wasAsked ? 'asked' : 'not asked'}`)
      }
    }
    expect(surprises).toEqual([])
  })

  it('has somebody who may, and somebody who may not or a reason why everybody may', () => {
    for (const operation of operationList) {
      const who = (['nobody', ...tokens] as const).filter((token) => isAllowed(operation, token))
      expect(who.length, operation.name).toBeGreaterThan(0)
      expect(who.length, operation.name).toBeLessThan(tokens.length + 1)
    }
  })

  it('hears who called, and never a caller that only services can be', async () => {
    for (const { operation, token } of cells) if (isAllowed(operation, token)) await ask(operation, token)
    const kinds = new Set(fixture.asked.map(({ call }) => call.caller.kind))
    expect([...kinds].sort()).toEqual(['anyone', 'key', 'organizer', 'player', 'player-account', 'staff'])
  })
})

describe('what is for whoever sits at the computer', () => {
  const local = operationList.find(({ policy }) => policy === 'local')!
  const from = async (headers: Record<string, string>, remoteAddress = '127.0.0.1', edge = fixture.edge) =>
    (
      await edge.inject({
        url: local.route[1],
        headers: { host: 'localhost:3000', ...headers },
        remoteAddress,
      })
    ).statusCode

  it('is told to him alone: by loopback, under its own name, through nobody', async () => {
    expect(await from({})).toBe(200)
    for (const host of ['127.0.0.1:3000', '[::1]:3000', 'LOCALHOST']) expect(await from({ host })).toBe(200)
    expect(await from({}, '::1')).toBe(200)
    expect(await from({ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await from({ origin: 'https://evil.example' })).toBe(403)
    expect(await from({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await from({}, '::ffff:127.0.0.1')).toBe(200)
    const forwarding = [
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-forwarded-host',
      'x-real-ip',
      'forwarded',
      'via',
    ]
    for (const name of forwarding) expect(await from({ [name]: '127.0.0.1' }), name).toBe(403)
    for (const address of ['10.0.0.7', '192.168.1.20', '::2', '1.127.0.0']) {
      expect(await from({}, address), address).toBe(403)
    }
    const hosts = [
      'evil.example',
      'localhost.evil.example',
      'localhost:3000@evil',
      '10.0.0.7',
      '127.0.0.1.nip.io',
    ]
    for (const host of hosts) expect(await from({ host }), host).toBe(403)
  })

  it('is not told through a proxy that says nothing of itself, but speaks as browsers don’t', () => {
    const arrival = (httpVersion: string) => {
      const request = {
        httpVersion,
        headers: { host: 'localhost:3000' },
        socket: { remoteAddress: '127.0.0.1' },
      }
      // Of a request no more is looked at.
      return isFromThisComputer(request as never)
    }
    expect(arrival('1.0')).toBe(false)
    expect(arrival('1.1')).toBe(true)
  })

  it('is told to nobody where that is not allowed', async () => {
    const { edge } = await createFixture(goodReply, { config: { localCallers: 'refused' } })
    expect(await from({}, '127.0.0.1', edge)).toBe(403)
  })
})

describe('a path', () => {
  it('of another organisation is closed to a key, whether or not there is such an organisation', async () => {
    const operation = operationList.find(({ name }) => name === 'listMembers')!
    const url = (id: string) => operation.route[1].replace('{organizationId}', id)
    const headers = { authorization: 'Bearer key-token' }
    const answers = await Promise.all(
      [ids.organization, ids.otherOrganization, ids.tournament].map((id) =>
        fixture.edge.inject({ url: url(id), headers }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 403, 403])
  })
})
