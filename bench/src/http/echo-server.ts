import { createServer as createHttpServer } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import { fastify } from 'fastify'
import { answerQuestions } from '../answer-questions.ts'
import { listenOn, portOf } from './listen-on.ts'

/**
 * What Matchday is measured against, each with the same requests and with answers of the same size.
 * `canned` answers whatever comes with a text that was made before: it shows how much the load generator can do.
 */
export type EchoKind = 'canned' | 'node' | 'fastify'
export type EchoQuestion = { readonly listen: EchoKind } | { readonly answerBytes: number }
export type EchoAnswer = { readonly port: number }

let body = ''
let canned = Buffer.alloc(0)
let port = 0

async function answer(question: EchoQuestion): Promise<EchoAnswer> {
  if ('listen' in question) port = await listen[question.listen]()
  else {
    body = JSON.stringify({ filler: 'x'.repeat(Math.max(0, question.answerBytes - '{"filler":""}'.length)) })
    canned = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  }
  return { port }
}

const listen: Record<EchoKind, () => Promise<number>> = {
  canned: () =>
    listenOn(
      createNetServer((socket) => socket.on('data', () => socket.write(canned)).on('error', () => {})),
    ),

  node: () =>
    listenOn(
      createHttpServer((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          Buffer.concat(chunks)
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
          response.end(body)
        })
      }),
    ),

  fastify: async () => {
    const app = fastify()
    app.all('/*', (_request, reply) => {
      reply.type('application/json').send(body)
    })
    await app.ready()
    await app.listen({ host: '127.0.0.1', port: 0 })
    return portOf(app.server)
  },
}

answerQuestions(answer)
