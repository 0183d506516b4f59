import { createServer } from 'node:http'
import { connect } from '@nats-io/transport-node'
import { answerQuestions } from '../answer-questions.ts'
import { listenOn } from '../http/listen-on.ts'

/** As the first chapter of every book has it: what comes over HTTP is asked over NATS, and the answer sent back. */
async function answer({ natsUrl }: { natsUrl: string }): Promise<{ port: number }> {
  const connection = await connect({ servers: natsUrl })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString())
      connection.request('textbook', JSON.stringify({ path: request.url, ...body }), { timeout: 5_000 }).then(
        (reply) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': reply.data.length })
          response.end(reply.data)
        },
        () => response.writeHead(503, { 'content-length': 0 }).end(),
      )
    })
  })
  return { port: await listenOn(server) }
}

answerQuestions(answer)
