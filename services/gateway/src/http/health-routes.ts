import type { FastifyInstance } from 'fastify'
import type { Health } from './ports.ts'

/** `/livez`: the process lives. `/readyz`: it can do its work; one that is closing can't take more. */
export function serveHealth(app: FastifyInstance, health: () => Health, isClosing: () => boolean): void {
  app.get('/livez', (_request, reply) => {
    reply.send({ alive: true })
  })
  app.get('/readyz', (_request, reply) => {
    const { ready, parts } = health()
    const isReady = ready && !isClosing()
    const http = { name: 'http', state: isClosing() ? 'closing' : 'up' }
    reply.code(isReady ? 200 : 503).send({ ready: isReady, parts: [http, ...parts] })
  })
}
