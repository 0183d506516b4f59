import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A part of a test in a process of its own, so that its load and the test do not share an event loop. */
export type Worker<Question extends object, Answer> = AsyncDisposable & {
  readonly processId: number
  ask(question: Question): Promise<Answer>
}

type Message<Answer> = { readonly value: Answer; readonly error?: string }
const answerMs = 120_000

/** `file`: a source file that calls `answerQuestions`. It ends with us, however we end. */
export function startWorker<Question extends object, Answer>(file: URL): Worker<Question, Answer> {
  const child = fork(file, {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    processId: child.pid ?? 0,
    ask: (question) => ask<Answer>(child, question),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** One question at a time. */
async function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(new Error('a worker did not answer in time')), answerMs)
  const { signal } = over
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('a worker ended before it answered')
  })
  ended.catch(() => {})
  const answered = once(child, 'message', { signal })
  child.send(question)
  try {
    const [message] = await Promise.race([answered, ended])
    const { value, error }: Message<Answer> = message
    if (error !== undefined) throw new Error(error)
    return value
  } finally {
    clearTimeout(timer)
    over.abort()
  }
}

/** In the worker: `answer` is called for each question. What it throws fails the question. */
export function answerQuestions<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    )
  })
  process.once('disconnect', () => process.exit())
}
