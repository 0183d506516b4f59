import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type FixtureProcess = {
  readonly child: ChildProcess
  /** Lets it end properly. */
  end(): Promise<void>
  kill(): Promise<void>
}

/** Runs a fixture in another process, and hears what it prints, a line of JSON each; resolves when it is up. */
export async function startFixture<Line extends { readonly isUp?: true }>(
  fixture: URL,
  argument: object,
  hear: (line: Line) => void,
): Promise<FixtureProcess> {
  const node = ['--import', 'tsx', fileURLToPath(fixture), JSON.stringify(argument)]
  const child = spawn(process.execPath, node, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${fixture.pathname} ended before it was up`)))
    lines.on('line', (text) => {
      const line: Line = JSON.parse(text)
      if (line.isUp) resolve()
      hear(line)
    })
  })
  return {
    child,
    end: async () => {
      child.stdin.end()
      await exit
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exit
    },
  }
}
