import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { Log } from '@matchday/kernel'
import type { FastifyInstance } from 'fastify'
import type { PageSender } from './fallback.ts'
import { securityHeaders } from './security-headers.ts'

const notBuilt = `Matchday's server is running, but the web app is not built.
Run ./script/build, then start again. The API is described at /api/docs.
`

/**
 * Serves the built web app, compressed files first. What the bundler named by its content (`assets/`) never
 * changes; everything else is asked for anew each time. Returns how its page is sent.
 */
export async function serveWebApp(
  app: FastifyInstance,
  webRoot: string | undefined,
  log: Log,
): Promise<PageSender> {
  if (webRoot === undefined || !existsSync(join(webRoot, 'index.html'))) {
    log.warn({ webRoot }, 'the web app is not built')
    return (reply) => {
      reply.code(404).type('text/plain; charset=utf-8').send(notBuilt)
    }
  }
  const assets = `${sep}assets${sep}`
  await app.register(fastifyStatic, {
    root: webRoot,
    index: false,
    preCompressed: true,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      reply.headers(path.includes(assets) ? securityHeaders.asset : securityHeaders.page)
    },
  })
  return (reply) => {
    reply.sendFile('index.html')
  }
}
