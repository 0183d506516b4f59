import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * A part of a benchmark in a process of its own, so that it has an event loop and a heap of its own. It answers one
 * message for each that it gets, in order.
 */
export type Worker<Question, Answer> = AsyncDisposable & {
  readonly processId: number
  ask(question: Question): Promise<Answer>
}

const answerTimeoutMs = 60_000
const stopTimeoutMs = 15_000

/** `file` is a source file that calls `answerQuestions`. */
export function startWorker<Question, Answer>(
  file: URL,
  options: { nodeFlags?: readonly string[] } = {},
): Worker<Question, Answer> {
  const child = fork(fileURLToPath(file), {
    execArgv: ['--import', 'tsx', ...(options.nodeFlags ?? [])],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    processId: child.pid ?? 0,
    ask: (question) => ask<Answer>(child, question),
    [Symbol.asyncDispose]: () => stop(child),
  }
}

/** In the worker: `answer` is called for each question. What it throws fails the question. */
export function answerQuestions<Question, Answer>(
  answer: (question: Question) => Promise<Answer>,
  end: () => Promise<void> = async () => {},
): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => process.send?.({ value }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.once('disconnect', () => void end().finally(() => process.exit()))
}

async function ask<Answer>(child: ChildProcess, question: unknown): Promise<Answer> {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(new Error('a worker did not answer in time')), answerTimeoutMs)
  const ended = once(child, 'exit', { signal: over.signal }).then(() => {
    throw new Error('a worker ended before it answered')
  })
  ended.catch(() => {})
  const answered = once(child, 'message', { signal: over.signal })
  // Whoever starts a worker says what its questions are; all of them are objects.
  child.send(question as object)
  try {
    const [message] = await Promise.race([answered, ended])
    if (message.error !== undefined) throw new Error(message.error)
    return message.value
  } finally {
    clearTimeout(timer)
    over.abort()
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.disconnect()
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await exited
  clearTimeout(timer)
}
