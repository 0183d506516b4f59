import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { builtWorker } from './built-workers.ts'

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

/** `name` is that of a source file, without its ending, which calls `answerQuestions`. */
export function startWorker<Question, Answer>(
  name: string,
  options: { nodeFlags?: readonly string[] } = {},
): Worker<Question, Answer> {
  const child = fork(builtWorker(name), {
    execArgv: [...(options.nodeFlags ?? [])],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    processId: child.pid ?? 0,
    ask: (question) => ask<Answer>(child, question),
    [Symbol.asyncDispose]: () => stop(child),
  }
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
