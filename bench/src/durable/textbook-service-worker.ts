import { connect } from '@nats-io/transport-node'
import { answerQuestions } from '../answer-questions.ts'

/** Reads what it is asked, and answers with so many bytes. Stores nothing. */
async function answer({ natsUrl, answerBytes }: { natsUrl: string; answerBytes: number }): Promise<null> {
  const connection = await connect({ servers: natsUrl })
  const filler = 'x'.repeat(Math.max(0, answerBytes - '{"filler":""}'.length))
  connection.subscribe('textbook', {
    queue: 'services',
    callback: (_error, message) => {
      message.json()
      message.respond(JSON.stringify({ filler }))
    },
  })
  await connection.flush()
  return null
}

answerQuestions(answer)
