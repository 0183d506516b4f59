import { setTimeout as sleep } from 'node:timers/promises'
import { must, tournamentWith, wholeLog } from '../support/client.ts'
import { type LiveClient, liveClient, type Told } from '../support/live.ts'

const arriveMs = 30_000

type Watched = { readonly id: string; readonly organizer: string; readonly clients: LiveClient[] }

/** Tournaments in which something happens all the time, and sockets that watch it through the balancer. */
export class Watchers {
  readonly #url: string
  readonly #pauseMs: number
  readonly #watched: Watched[] = []
  #isStopped = false
  #turning: Promise<void>[] = []
  /** What happened was not accepted. */
  readonly failures: string[] = []

  /** `pauseMs`: between two turns of a door; the more who watch, the more each costs. */
  constructor(url: string, pauseMs = 0) {
    this.#url = url
    this.#pauseMs = pauseMs
  }

  async start(tournaments: number, clientsEach: number): Promise<void> {
    for (let index = 0; index < tournaments; index++) {
      const { id, organizer } = await tournamentWith(this.#url, 0, { limit: 4 })
      const clients = Array.from({ length: clientsEach }, () =>
        // As a browser waits: long enough for nobody to storm, short enough for a test.
        liveClient(this.#url, { minReconnectDelay: 50, maxReconnectDelay: 1_000 }),
      )
      this.#watched.push({ id, organizer, clients })
      await Promise.all(clients.map((client) => client.watch(id)))
    }
    this.#turning = this.#watched.map((one) => this.#turn(one))
  }

  /** Stops what happens, waits until everybody has all of it, and hangs up. Resolves to all that was not as it must be. */
  async finish(): Promise<readonly string[]> {
    this.#isStopped = true
    await Promise.all(this.#turning)
    const problems: string[] = []
    for (const { id, clients } of this.#watched) {
      const log = await wholeLog(this.#url, id)
      for (const [index, client] of clients.entries()) {
        await client.told
          .until((told) => lastVersion(told) === log.length, arriveMs)
          .catch((error: Error) => problems.push(`client ${index} of ${id}: ${error.message.slice(0, 200)}`))
        const found = breachesOf(
          client.told.items,
          log.map(({ type }) => type),
        )
        problems.push(...found.map((problem) => `client ${index} of ${id}: ${problem}`))
      }
    }
    this.hangUp()
    return problems
  }

  hangUp(): void {
    this.#isStopped = true
    for (const client of this.clients) client.stop()
  }

  get clients(): readonly LiveClient[] {
    return this.#watched.flatMap(({ clients }) => clients)
  }

  /** The door opens and closes, each time an event. An outcome that isn't known is a failure, for here none may be. */
  async #turn({ id, organizer }: Watched): Promise<void> {
    for (let open = false; !this.#isStopped; open = !open) {
      await must(this.#url, 'setJoining', { path: { id }, token: organizer, body: { open } }).catch(
        (error: Error) => this.failures.push(`${error.message} ${String(error.cause ?? '')}`),
      )
      if (this.#pauseMs > 0) await sleep(this.#pauseMs)
    }
  }
}

function lastVersion(told: readonly Told[]): number {
  let last = 0
  for (const item of told) {
    if (item.what === 'publication') last = item.offset ?? last
    else if (item.what === 'subscribed' && !item.recovered) last = item.offset
  }
  return last
}

/**
 * What a client was told, held against the log: every version once, in order, as what it is in the log; only a snapshot
 * may stand for several.
 */
export function breachesOf(told: readonly Told[], types: readonly string[]): readonly string[] {
  const found: string[] = []
  let last = 0
  for (const item of told) {
    if (item.what === 'subscribed' && !item.recovered) {
      if (item.offset < last) found.push(`a snapshot of ${item.offset} after ${last}`)
      last = item.offset
    } else if (item.what === 'publication' && item.offset !== undefined) {
      const { offset, data } = item
      if (offset > last + 1) found.push(`missed: ${offset} after ${last}`)
      if (offset === last) found.push(`doubled: ${offset}`)
      if (offset < last) found.push(`re-ordered: ${offset} after ${last}`)
      if (data.type !== types[offset - 1])
        found.push(`${offset} is ${data.type}, in the log ${types[offset - 1]}`)
      last = offset
    }
  }
  if (last !== types.length) found.push(`ends at ${last}, the log at ${types.length}`)
  return found
}
