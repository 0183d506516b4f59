import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export type Passing = {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}
export type HttpProxy = { readonly url: string; close(): Promise<void> }

/**
 * Stands in front of a server and is wrong in one way: so it is shown that a test would find a server that is. `change`
 * gives the request as it goes on, and may take its time.
 */
export async function startHttpProxy(
  target: string,
  change: (passing: Passing) => Passing | Promise<Passing>,
): Promise<HttpProxy> {
  const { hostname, port } = new URL(target)
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', async () => {
      const { method = 'GET', url: path = '/' } = incoming
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      )
      const passing = await change({ method, path, headers, body: Buffer.concat(chunks).toString() })
      const length = String(Buffer.byteLength(passing.body))
      const onward = request({
        ...{ hostname, port, method: passing.method, path: passing.path },
        headers: { ...passing.headers, ...(passing.body === '' ? {} : { 'content-length': length }) },
      })
      onward.on('error', () => outgoing.destroy())
      onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      onward.end(passing.body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Goes on a while later. */
export function delayed(ms: (passing: Passing) => number): (passing: Passing) => Promise<Passing> {
  return async (passing) => {
    await sleep(ms(passing))
    return passing
  }
}
