import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { cleanEnvironment } from '../support/matchday.ts'

const startMs = 120_000
const goneMs = 15_000

/** Starts a cluster and tells who and where it is. */
const program = `
import { startCluster } from '${new URL('cluster.ts', import.meta.url).pathname}'
const { gateways, instances, nats, postgres, balancer, folder, runFolder } = await startCluster({ balancer: true })
await nats.restart()
const processes = [...gateways, ...instances, balancer, postgres].map(({ processId }) => processId)
console.log(JSON.stringify({ processes: [...processes, nats.pid], folders: [folder, runFolder, nats.storeDir] }))
await new Promise((resolve) => setTimeout(resolve, ${startMs}))
`

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

it('a test that is killed leaves no process and no folder behind', { timeout: startMs }, async () => {
  const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: new URL('.', import.meta.url).pathname,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [text] = await once(starter.stdout, 'data')
  const { processes, folders }: { processes: number[]; folders: string[] } = JSON.parse(String(text))
  expect(processes.filter(isAlive)).toHaveLength(5)
  expect(folders.filter((folder) => existsSync(folder))).toHaveLength(3)
  starter.kill('SIGKILL')
  await expect.poll(() => processes.filter(isAlive), { timeout: goneMs }).toEqual([])
  await expect.poll(() => folders.filter((folder) => existsSync(folder)), { timeout: goneMs }).toEqual([])
})
