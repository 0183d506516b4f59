import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** `ps` answers in a few milliseconds; a machine that needs longer than this is in trouble of its own. */
const psTimeoutMs = 2_000

/**
 * A text that differs between any two processes that ever get this id, so that a reused id is noticed:
 * boot and start tick on Linux, the start time (to the second) on macOS, only "running" on Windows.
 * Undefined when no such process runs; a zombie has ended and counts as not running.
 */
export async function processStartedAt(processId: number): Promise<string | undefined> {
  if (process.platform === 'linux') return startedAtOnLinux(processId)
  if (process.platform === 'win32') return answersSignals(processId) ? 'running' : undefined
  const [state, ...started] = (await ps(processId, 'stat=,lstart=')).trim().split(/\s+/)
  return state === undefined || state === '' || state.startsWith('Z') ? undefined : started.join(' ')
}

/** The words of the command line of a running process; empty when unknown. */
export async function processCommand(processId: number): Promise<string> {
  if (process.platform === 'win32') return ''
  if (process.platform !== 'linux') return (await ps(processId, 'command=')).trim()
  const words = await readFile(`/proc/${processId}/cmdline`, 'utf8').catch(() => '')
  return words.split('\0').join(' ').trim()
}

/** The working directory of a running process; undefined when the system does not tell us. */
export async function processDirectory(processId: number): Promise<string | undefined> {
  return process.platform === 'linux' ? readlink(`/proc/${processId}/cwd`).catch(() => undefined) : undefined
}

/**
 * Names the space in which process ids mean the same as here. Two containers on one volume have different
 * ones, and neither sees the other's processes.
 */
export async function processSpace(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '')
  return `${hostname()} ${namespace}`.trim()
}

async function startedAtOnLinux(processId: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  if (state === 'Z' || state === 'X') return undefined
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()
  const startTick = fields[19]
  return `${bootId} ${startTick}`
}

function answersSignals(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function ps(processId: number, columns: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', columns, '-p', String(processId)], { timeout: psTimeoutMs }, (_error, stdout) =>
      resolve(stdout),
    )
  })
}
