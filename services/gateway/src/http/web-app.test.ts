import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFixture, type Fixture, goodReply } from './edge-fixture.ts'

const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

describe('the built web app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchday-web-'))
  const webRoot = join(folder, 'dist')
  let fixture: Fixture
  beforeAll(async () => {
    mkdirSync(join(webRoot, 'assets'), { recursive: true })
    writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Matchday</title>')
    writeFileSync(join(webRoot, 'manifest.webmanifest'), '{}')
    writeFileSync(join(webRoot, '.secret'), 'secret')
    writeFileSync(join(folder, 'outside.txt'), 'secret')
    writeFileSync(join(webRoot, 'assets', 'main-a1b2c3.js'), 'let a = 1')
    writeFileSync(join(webRoot, 'assets', 'main-a1b2c3.js.gz'), gzipSync('let a = 1'))
    fixture = await createFixture(goodReply, { config: { webRoot } })
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const get = (url: string, headers: Record<string, string> = page) => fixture.edge.inject({ url, headers })

  it.each(['/', '/t/01a1f0c2', '/check', '/t/01a1f0c2?player=1'])('shows its page at %s', async (url) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toContain('<title>Matchday')
    expect(answer.headers['cache-control']).toBe('no-cache')
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(answer.headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(answer.headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
    expect(answer.headers['permissions-policy']).toMatch(/camera=\(\).*microphone=\(\).*geolocation=\(self\)/)
    expect(answer.headers['strict-transport-security']).toBeUndefined()
  })

  it('asks browsers that came encrypted to do so from now on', async () => {
    const behindProxy = await createFixture(goodReply, { config: { webRoot, trustedProxyHops: 1 } })
    const headers = { ...page, host: 'play.example', 'x-forwarded-proto': 'https' }
    for (const url of ['/', '/assets/main-a1b2c3.js', '/api/nothing', '/livez', '/api/tournaments/%zz']) {
      const answer = await behindProxy.edge.inject({ url, headers })
      expect(answer.headers['strict-transport-security'], url).toBe('max-age=31536000; includeSubDomains')
      expect(answer.headers['x-content-type-options'], url).toBe('nosniff')
    }
  })

  it('keeps hashed files for a year, compressed where they are', async () => {
    const plain = await get('/assets/main-a1b2c3.js', {})
    expect(plain.body).toBe('let a = 1')
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(plain.headers['content-security-policy']).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(plain.headers['permissions-policy']).toBeUndefined()
    const packed = await get('/assets/main-a1b2c3.js', { 'accept-encoding': 'gzip, br' })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.headers['content-type']).toMatch(/javascript/)
    expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(packed.headers.vary).toMatch(/accept-encoding/i)
  })

  it('asks anew for files without hash, and answers 304 when they are the same', async () => {
    const first = await get('/manifest.webmanifest')
    expect(first.headers['cache-control']).toBe('no-cache')
    const again = await get('/manifest.webmanifest', { 'if-none-match': String(first.headers.etag) })
    expect(again.statusCode).toBe(304)
  })

  it.each([
    '/assets/gone-000.js',
    '/favicon.ico',
    '/.secret',
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/..%2f..%2f..%2foutside.txt',
    '/api/nothing',
    '/api',
    '/assets/',
    '/%00.txt',
  ])('has nothing at %s', async (url) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'unknown-route' })
    expect(answer.body).not.toContain('secret')
  })

  it('is no answer to scripts and other methods', async () => {
    expect((await get('/t/x', { accept: 'application/json' })).statusCode).toBe(404)
    expect((await fixture.edge.inject({ method: 'POST', url: '/t/x', headers: page })).statusCode).toBe(404)
    expect((await get('/api/tournaments')).statusCode).toBe(405)
  })
})

it('says so when it is not built', async () => {
  const { edge } = await createFixture(goodReply, { config: { webRoot: '/nowhere' } })
  const answer = await edge.inject({ url: '/', headers: page })
  expect(answer.statusCode).toBe(404)
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(answer.body).toContain('not built')
})
