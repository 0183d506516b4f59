import { silentLog } from '@matchday/kernel'
import { afterEach, expect, it } from 'vitest'
import type { Health } from './health.ts'
import { type HealthServer, startHealthServer } from './health-server.ts'

const open: HealthServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

async function start(health: () => Health, text = async () => ''): Promise<string> {
  const metrics = { contentType: 'text/plain; version=0.0.4', text }
  const place = { host: '127.0.0.1', port: 0 }
  const server = await startHealthServer(place, { health, metrics, log: silentLog })
  open.push(server)
  return `http://127.0.0.1:${server.port}`
}

it('says that the process lives, and whether it can work', async () => {
  let ready = false
  const parts = [{ name: 'cook', state: 'starting' as const, detail: 'waiting for the oven' }]
  const url = await start(() => ({ ready, parts }))
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  const waiting = await fetch(`${url}/readyz`)
  expect(waiting.status).toBe(503)
  expect(await waiting.json()).toEqual({ ready: false, parts })
  ready = true
  expect((await fetch(`${url}/readyz?verbose`)).status).toBe(200)
})

it('gives metrics', async () => {
  const health = () => ({ ready: true, parts: [] })
  const url = await start(health, async () => 'matchday_up 1\n')
  const answer = await fetch(`${url}/metrics`)
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4')
  expect(await answer.text()).toBe('matchday_up 1\n')
})

it('answers nothing else, and survives what goes wrong', async () => {
  const url = await start(
    () => ({ ready: true, parts: [] }),
    async () => {
      throw new Error('broken')
    },
  )
  expect((await fetch(`${url}/`)).status).toBe(404)
  const refused = await fetch(`${url}/livez`, { method: 'POST', body: 'x' })
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  expect((await fetch(`${url}/metrics`)).status).toBe(500)
  expect((await fetch(`${url}/livez`)).status).toBe(200)
})
