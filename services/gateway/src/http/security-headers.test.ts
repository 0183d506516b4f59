import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFixture, type Fixture, goodReply, inputFor, targetOf } from './edge-fixture.ts'

type Headers = Readonly<Record<string, unknown>>

/** What is wrong with what an answer tells browsers; empty when nothing is. */
function problemsOf(headers: Headers, isEncrypted: boolean): string[] {
  const policy = String(headers['content-security-policy']).split('; ')
  const directives = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
  const wanted: Headers = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': isEncrypted ? 'max-age=31536000; includeSubDomains' : undefined,
  }
  return [
    ...directives.filter((directive) => !policy.includes(directive)),
    ...policy.filter((directive) => /unsafe-|\*|https?:/.test(directive)),
    ...Object.entries(wanted).flatMap(([name, value]) => (headers[name] === value ? [] : [name])),
  ]
}

describe('what browsers are told', () => {
  const webRoot = mkdtempSync(join(tmpdir(), 'matchday-headers-'))
  let fixture: Fixture
  let port: number
  beforeAll(async () => {
    writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Matchday</title>')
    fixture = await createFixture(goodReply, { config: { webRoot, trustedProxyHops: 1 } })
    port = (await fixture.edge.listen('127.0.0.1', 0)).port
  })
  afterAll(async () => {
    await fixture.edge.close()
    rmSync(webRoot, { recursive: true })
  })

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const paths: readonly (readonly [what: string, path: string, headers: Record<string, string>])[] = [
    ['a page', '/t/01a1f0c2', { accept: 'text/html' }],
    ['a file', '/index.html', {}],
    ['an answer', inputFor(targetOf('getTournament')).path, {}],
    ['an answer to somebody', inputFor(targetOf('getStaffProfile')).path, bearer('staff-token')],
    ['a refusal', inputFor(targetOf('getStaffProfile')).path, {}],
    ['what is not there', '/api/nothing', {}],
    ['what can’t be read', '/api/tournaments/%zz', {}],
    ['the documents', '/api/docs', {}],
    ['a document', '/api/openapi.json', {}],
    ['what is sent on', '/problems/not-found', {}],
    ['health', '/readyz', {}],
  ]
  it.each(paths)(
    'by %s: to load nothing of others, in nobody’s frame, and by https once they came so',
    async (_, url, headers) => {
      for (const proto of ['http', 'https']) {
        const answer = await fixture.edge.inject({ url, headers: { ...headers, 'x-forwarded-proto': proto } })
        expect(problemsOf(answer.headers, proto === 'https'), `${proto} ${answer.statusCode}`).toEqual([])
      }
    },
  )

  it('also where there was no request', async () => {
    const head = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('no request at all\r\n\r\n'))
      socket.on('data', (bytes) => resolve(bytes.toString())).on('error', reject)
    })
    const lines = head.split('\r\n\r\n')[0]!.split('\r\n').slice(1)
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/).slice(0, 2)))
    expect(problemsOf(headers, false)).toEqual([])
  })

  it('would be found to be missing', () => {
    expect(problemsOf({}, true)).toHaveLength(8)
    const page = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    const lax = { 'content-security-policy': `${page}; script-src 'unsafe-inline' https://cdn.example` }
    expect(problemsOf(lax, false)).toContain("script-src 'unsafe-inline' https://cdn.example")
  })

  it('pages run scripts of ours alone, and no plug-ins', async () => {
    const { headers } = await fixture.edge.inject({ url: '/', headers: { accept: 'text/html' } })
    const policy = String(headers['content-security-policy']).split('; ')
    expect(policy).toEqual(
      expect.arrayContaining(["script-src 'self'", "connect-src 'self'", "object-src 'none'"]),
    )
  })
})

describe('what browsers may keep', () => {
  const get = async (fixture: Fixture, name: Parameters<typeof targetOf>[0], token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const { headers: told } = await fixture.edge.inject({ url: inputFor(targetOf(name)).path, headers })
    return told['cache-control']
  }

  it('is what anybody may read, to be asked for anew; and nothing that is told to somebody', async () => {
    const fixture = await createFixture(goodReply, { config: { plainHttpAccounts: 'allowed' } })
    expect(await get(fixture, 'getTournament')).toBe('private, no-cache')
    expect(await get(fixture, 'getDrawProof')).toBe('private, no-cache')
    for (const token of [
      'organizer-token',
      'player-token',
      'staff-token',
      'player-account-token',
      'key-token',
    ]) {
      expect(await get(fixture, 'getTournament', token), token).toBe('no-store')
    }
    expect(await get(fixture, 'getOrganization', 'staff-token')).toBe('no-store')
    expect(await get(fixture, 'getStaffProfile', 'staff-token')).toBe('no-store')
    expect(await get(fixture, 'getStaffProfile')).toBe('no-store')
  })
})
