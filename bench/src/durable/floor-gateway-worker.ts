import { createServer } from 'node:http'
import { newId, tournamentOperations } from '@matchday/contracts'
import { createRequester } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { listenOn } from '../http/listen-on.ts'
import { connectedBus } from '../pull/connected-bus.ts'
import { queue } from '../pull/variants.ts'

const timeoutMs = 5_000
/** Any command would do. */
const operation = { ...tournamentOperations.pickTeam, service: queue.service }
const caller = { kind: 'anyone' } as const

/** Whatever comes over HTTP is asked over Matchday's bus, and the answer sent back; nobody is asked who he is. */
async function answer({ natsUrl }: { natsUrl: string }): Promise<{ port: number }> {
  const bus = await connectedBus(natsUrl, 'gateway')
  const requester = createRequester({ bus, newId })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const input = JSON.parse(Buffer.concat(chunks).toString())
      requester.request(operation, { id: newId(), input, caller, timeoutMs }).then((reply) => {
        const body = JSON.stringify(reply.kind === 'ok' ? reply.body : null)
        response.writeHead(reply.kind === 'ok' ? 200 : 503, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        })
        response.end(body)
      })
    })
  })
  return { port: await listenOn(server) }
}

answerQuestions(answer)
