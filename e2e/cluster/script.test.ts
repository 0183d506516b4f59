import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@matchday/testkit'
import { afterAll, expect, it } from 'vitest'
import { must, tournamentWith } from '../support/client.ts'
import { cleanEnvironment, removeFolder, temporaryFolder } from '../support/matchday.ts'

/** `script/cluster`, without the installing and building before it. */
const program = new URL('command.ts', import.meta.url).pathname
const commandMs = 120_000
const allMs = 300_000
const goneMs = 15_000

const folder = await temporaryFolder()

async function cluster(...words: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...words], {
    env: cleanEnvironment({ CLUSTER_FOLDER: folder }),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: commandMs,
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more
    })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, text }
}

afterAll(async () => {
  await cluster('down')
  await removeFolder(folder)
}, commandMs)

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

/** Process ids in the table of `status`, and what is there under each name. */
function rowsOf(status: string): Map<string, { processId: number; line: string }> {
  const rows = status.split('\n').flatMap((line) => {
    const [, name, processId] = line.match(/^([a-z-]+(?:-\d+)?) .*?\s(\d+)\s+(?:ready|runs)/) ?? []
    return name === undefined ? [] : [[name, { processId: Number(processId), line }] as const]
  })
  return new Map(rows)
}

it(
  'is started, looked at, scaled and ended; whatever ends its holder ends all of it; what was created stays',
  async () => {
    expect(await cluster('status')).toMatchObject({
      code: 1,
      text: expect.stringContaining('No cluster is up'),
    })
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const up = () =>
      cluster('up', '--gateways', '1', '--instances', '1', '--port', String(port), '--host', '127.0.0.1')
    expect(await up()).toMatchObject({ code: 0, text: expect.stringContaining(url) })
    expect(await up()).toMatchObject({ code: 1, text: expect.stringContaining('up already') })
    const { id } = await tournamentWith(url, 2)

    expect(await cluster('scale', '--instances', '2')).toMatchObject({ code: 0 })
    const restarted = await cluster('restart', '--rolling')
    expect(restarted).toMatchObject({ code: 0, text: expect.stringContaining('gateway-1: drained') })
    const { text } = await cluster('status')
    const rows = rowsOf(text)
    expect([...rows.keys()].toSorted()).toEqual(
      [
        ...['gateway-1', 'haproxy', 'nats-server', 'postgres', 'identity-1', 'identity-2'],
        ...['organizations-1', 'organizations-2', 'tournaments-1', 'tournaments-2'],
      ].toSorted(),
    )
    expect(text).toMatch(/CMD_TOURNAMENTS +0/)
    for (const users of ['2 tournaments', '2 organizations', '2 identity']) expect(text).toContain(users)
    // Accounts are there: whoever opens the link makes the first one.
    const printed = await readFile(join(folder, 'logs', 'identity-1.log'), 'utf8')
    expect(printed.match(/http:\S+\/setup#\S+/g)).not.toBeNull()

    const { processId } = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'))
    process.kill(processId, 'SIGKILL')
    const alive = () => [...rows].filter(([, row]) => isAlive(row.processId)).map(([name]) => name)
    await expect.poll(alive, { timeout: goneMs }).toEqual([])

    expect(await up()).toMatchObject({ code: 0 })
    const { body } = await must(url, 'getTournament', { path: { id } })
    expect(body.players).toHaveLength(2)
    expect(await cluster('down', '--wipe')).toMatchObject({ code: 0 })
    expect(existsSync(folder)).toBe(false)
    await expect(fetch(url)).rejects.toThrow()
  },
  allMs,
)
