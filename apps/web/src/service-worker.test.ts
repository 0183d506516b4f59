import ts from 'typescript'
import { expect, it } from 'vitest'
import source from './service-worker.ts?raw'

const origin = 'https://cup.example'

/** The worker in a browser of its own: what it answers with a network, without one, and what it has kept. */
function startWorker() {
  const listeners = new Map<string, (event: object) => void>()
  const kept = new Map<string, Response>()
  const network: { answer: () => Promise<Response> } = {
    answer: () => Promise.reject(new TypeError('offline')),
  }
  const cache = {
    put: async ({ url }: Request, response: Response) => void kept.set(url, response),
    match: async ({ url }: Request) => kept.get(url)?.clone(),
    keys: async () => [...kept.keys()].map((url) => new Request(url)),
    delete: async ({ url }: Request) => kept.delete(url),
  }
  const world = {
    addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
    caches: { open: async () => cache, match: cache.match },
    fetch: () => network.answer(),
    location: { origin },
  }
  const { outputText } = ts.transpileModule(source.replace('__SHELL_FILES__', '[]'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  })
  // As a script of its own, with this world around it.
  new Function(...Object.keys(world), outputText)(...Object.values(world))
  return {
    network,
    kept: () => [...kept.keys()].map((url) => new URL(url).pathname),
    /** Undefined: the worker leaves it to the browser. */
    async ask(path: string, headers: Record<string, string> = {}): Promise<Response | undefined> {
      let answer: Promise<Response> | undefined
      const respondWith = (response: Promise<Response>) => {
        answer = response
      }
      listeners.get('fetch')?.({ request: new Request(origin + path, { headers }), respondWith })
      return answer
    },
  }
}

const answerOf = (cacheControl: string) => async () =>
  new Response('{"name":"Cup"}', { headers: { 'cache-control': cacheControl } })

it('answers that anybody may read are kept, for when there is no network', async () => {
  const worker = startWorker()
  worker.network.answer = answerOf('private, no-cache')
  await worker.ask('/api/tournaments/1')
  await worker.ask('/api/tournaments/1/draw/proof')
  expect(worker.kept()).toEqual(['/api/tournaments/1', '/api/tournaments/1/draw/proof'])
  worker.network.answer = () => Promise.reject(new TypeError('offline'))
  expect(await (await worker.ask('/api/tournaments/1'))?.json()).toEqual({ name: 'Cup' })
})

it('what was told to somebody, by a token or by a cookie, is not: the next one at this device is somebody else', async () => {
  const worker = startWorker()
  worker.network.answer = answerOf('no-store')
  expect((await worker.ask('/api/tournaments/1'))?.ok).toBe(true)
  expect(await worker.ask('/api/tournaments/1', { authorization: 'Bearer x' })).toBeUndefined()
  expect(await worker.ask('/api/staff/me')).toBeUndefined()
  expect(worker.kept()).toEqual([])
})
