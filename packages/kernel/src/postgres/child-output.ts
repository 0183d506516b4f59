import type { ChildProcess } from 'node:child_process'

/** initdb prints about 1 KB; whoever prints more than this is cut off, so that memory stays bounded. */
const outputCharactersMax = 64 * 1024

/** Waits for a short program's end. `exitCode` is undefined when it could not be started or was killed. */
export function collectOutput(child: ChildProcess): Promise<{ exitCode: number | undefined; text: string }> {
  return new Promise((resolve) => {
    let text = ''
    const add = (chunk: Buffer) => {
      if (text.length < outputCharactersMax) text += chunk.toString('utf8')
    }
    child.stdout?.on('data', add)
    child.stderr?.on('data', add)
    child.once('error', (error) => resolve({ exitCode: undefined, text: `${text}${error.message}` }))
    child.once('close', (code) => resolve({ exitCode: code ?? undefined, text }))
  })
}
