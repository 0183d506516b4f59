import { call } from '../support/client.ts'

const failuresKeptMax = 20

/** Readers that ask for one tournament without a pause, over connections that stay open. */
export class ReadLoad {
  answered = 0
  failed = 0
  /** The first of them, in words. */
  readonly failures: string[] = []
  #isStopped = false
  #readers: Promise<void>[] = []

  start(url: string, id: string, readers: number): void {
    this.#readers = Array.from({ length: readers }, () => this.#read(url, id))
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#readers)
  }

  async #read(url: string, id: string): Promise<void> {
    while (!this.#isStopped) {
      const failure = await ask(url, id)
      if (failure === undefined) {
        this.answered++
        continue
      }
      this.failed++
      if (this.failures.length < failuresKeptMax) this.failures.push(failure)
    }
  }
}

async function ask(url: string, id: string): Promise<string | undefined> {
  try {
    const { status, text } = await call(url, 'getTournament', { path: { id } })
    return status === 200 ? undefined : `${status} ${text}`
  } catch (error) {
    return error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error)
  }
}
