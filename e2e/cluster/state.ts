import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'

/** Everything that `script/cluster` keeps; git does not look at it. Tests have their own. */
export const clusterFolder =
  process.env.CLUSTER_FOLDER ?? join(new URL('../..', import.meta.url).pathname, '.cluster')
export const stateFile = join(clusterFolder, 'state.json')
export const supervisorLog = join(clusterFolder, 'logs', 'supervisor.log')

/** Where the process that holds the cluster listens, for this machine's user alone. */
export type State = { readonly control: string; readonly processId: number }

/** What the holder answers, a line of JSON each. */
export type Told = { readonly line: string } | { readonly error: string } | { readonly done: true }

export type Order =
  | { readonly do: 'status' }
  | { readonly do: 'restart' }
  | { readonly do: 'scale'; readonly gateways: number | undefined; readonly instances: number | undefined }
  | { readonly do: 'down' }

/** What somebody must mend himself; its text is all that he needs. */
export class Complaint extends Error {}

async function readState(): Promise<State | undefined> {
  try {
    return JSON.parse(await readFile(stateFile, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Gives an order to the holder of the cluster and passes on what it says. Resolves when it is done, or to `false` when
 * nothing is up. Throws Complaint with what went wrong.
 */
export async function order(what: Order, onLine: (line: string) => void): Promise<boolean> {
  const state = await readState()
  if (state === undefined) return false
  return new Promise((resolve, reject) => {
    let rest = ''
    let end: Told | undefined
    const call = request({ socketPath: state.control, method: 'POST', path: '/' }, (answer) => {
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const told: Told = JSON.parse(line)
          if ('line' in told) onLine(told.line)
          else end = told
        }
      })
      answer.on('close', () => {
        if (end !== undefined && 'done' in end) resolve(true)
        else if (end !== undefined && 'error' in end) reject(new Complaint(end.error))
        else reject(new Complaint(`The cluster ended meanwhile; see ${supervisorLog}`))
      })
    })
    // Nobody listens there any more.
    call.once('error', () => resolve(false))
    call.end(JSON.stringify(what))
  })
}
