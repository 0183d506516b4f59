import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { pauseProcess } from './pause-process.ts'

/** Says how far each of its threads has counted, 20 times a second. */
const counting = `
const { Worker } = require('node:worker_threads')
const counts = new Int32Array(new SharedArrayBuffer(16))
for (let place = 0; place < 4; place++)
  new Worker(
    'const { workerData: [counts, place] } = require("node:worker_threads"); for (;;) Atomics.add(counts, place, 1)',
    { eval: true, workerData: [counts, place] },
  )
setInterval(() => console.log(counts.join(' ')), 50)`

it('resolves when no thread runs any more', async () => {
  const child = spawn(process.execPath, ['-e', counting], { stdio: ['ignore', 'pipe', 'inherit'] })
  const id = child.pid ?? 0
  try {
    // More often than not one thread of four counts before the others have started.
    for (let said = ''; said === '' || said.split(' ').includes('0'); )
      said = String((await once(child.stdout, 'data'))[0]).trim()
    for (let time = 0; time < 20; time++) {
      await pauseProcess(id)
      const before = await usedBy(id)
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(await usedBy(id)).toEqual(before)
      child.kill('SIGCONT')
      await expect.poll(() => usedBy(id)).not.toEqual(before)
    }
  } finally {
    child.kill('SIGKILL')
  }
})

it('rejects for one that has ended', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  await expect(pauseProcess(child.pid ?? 0)).rejects.toThrow('ESRCH')
})

/** The processor's time that each thread has had, in nanoseconds. */
async function usedBy(id: number): Promise<string[]> {
  const threads = await readdir(`/proc/${id}/task`)
  const files = threads.map((thread) => readFile(`/proc/${id}/task/${thread}/schedstat`, 'utf8'))
  return (await Promise.all(files)).map((text) => text.split(' ')[0] ?? '')
}
