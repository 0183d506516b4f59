import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type OperationName } from '@matchday/contracts'
import { type Answer, type Call, call } from './client.ts'

/**
 * Clients that create, join and pick without end, while somebody kills the server again and again. None of what they do
 * can be refused by a rule, so whatever is not a success at last is a fault. Outcomes that are not known are asked for
 * with the same id once the server is back, as every client must.
 *
 * Each tournament is a venue with an address of its own, as a proxy tells it: the server must trust it to be one
 * (MATCHDAY_TRUSTED_PROXIES), or all of them have one address, and its limits.
 */
export type Acknowledged =
  | { kind: 'created'; tournament: string; name: string }
  | { kind: 'joined'; tournament: string; player: string; name: string; token: string }
  | { kind: 'picked'; tournament: string; player: string; team: string }
export type Deed = Acknowledged & {
  /** When the server was back after the last attempt of which nothing is known; undefined: the first was answered. */
  askedAgainAt: number | undefined
}

const seats = 40
const reasonsKeptMax = 20
const unknownStatus = [500, 502, 503, 504]

export class WriteLoad {
  readonly deeds: Deed[] = []
  /** Answers that no rule explains. */
  readonly refusals: string[] = []
  unknown = 0
  /** Why, in words, for the first of them. */
  readonly unknownReasons: string[] = []
  #isStopped = false
  #server = pendingServer()
  #writers: Promise<void>[] = []

  start(writers: number): void {
    this.#writers = Array.from({ length: writers }, (_, index) => this.#write(index))
  }

  /** The server is (back) at this address. */
  up(url: string): void {
    this.#server.resolve(url)
  }

  /** From now on calls wait until it is up again. */
  down(): void {
    // Some may wait for it already.
    if (this.#server.isUp()) this.#server = pendingServer()
  }

  /** What is under way is finished first: afterwards every outcome is known. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#writers)
  }

  async #write(index: number): Promise<void> {
    for (let round = 0; !this.#isStopped; round++) {
      const name = `Cup ${index} ${round} ${newId()}`
      const created = await this.#do('createTournament', {
        body: { name, limit: seats, teams: { preset: 'nations' } },
      })
      if (!created) return
      const tournament = created.answer.body.id
      this.#deed({ kind: 'created', tournament, name }, created.askedAgainAt)
      const teams = await this.#do('listTeams', { path: { id: tournament } })
      const names = teams?.answer.body.items.map((item) => item.name) ?? []
      // Four players at a time, so that joins and picks of one tournament meet.
      for (let seat = 0; seat < seats && !this.#isStopped; seat += 4) {
        await Promise.all(
          [0, 1, 2, 3].map((next) => this.#play(tournament, `${seat + next}`, names[seat + next]!)),
        )
      }
    }
  }

  async #play(tournament: string, name: string, team: string): Promise<void> {
    const joined = await this.#do('joinTournament', {
      path: { id: tournament },
      headers: { 'x-forwarded-for': tournament },
      body: { firstName: 'Player', lastName: name, showsFullName: true },
    })
    if (!joined) return
    const { playerId: player, playerToken: token } = joined.answer.body
    this.#deed({ kind: 'joined', tournament, player, name, token }, joined.askedAgainAt)
    const path = { id: tournament, playerId: player }
    const picked = await this.#do('pickTeam', { path, token, body: { team } })
    if (picked) this.#deed({ kind: 'picked', tournament, player, team }, picked.askedAgainAt)
  }

  #deed(deed: Acknowledged, askedAgainAt: number | undefined): void {
    this.deeds.push({ ...deed, askedAgainAt })
  }

  async #do<Name extends OperationName>(
    name: Name,
    what: Call,
  ): Promise<{ answer: Answer<Name>; askedAgainAt: number | undefined } | undefined> {
    const id = newId()
    let askedAgainAt: number | undefined
    for (;;) {
      const server = this.#server
      const url = await server.url
      if (askedAgainAt === Number.POSITIVE_INFINITY) askedAgainAt = Date.now()
      let reason = ''
      try {
        const answer = await call(url, name, { ...what, id })
        if (answer.status < 400) return { answer, askedAgainAt }
        // All of them together are too many in this minute: nothing was done, and it is said when to come back.
        if (answer.status === 429) {
          await sleep(Number(answer.headers.get('retry-after')) * 1_000)
          continue
        }
        if (!unknownStatus.includes(answer.status)) {
          this.refusals.push(`${name}: ${answer.status} ${answer.text}`)
          return undefined
        }
        reason = `${answer.status} ${answer.text}`
      } catch (error) {
        // A breach of the contract is no lost connection.
        if (!(error instanceof TypeError)) throw error
        reason = String(error.cause)
      }
      this.unknown++
      if (this.unknownReasons.length < reasonsKeptMax) this.unknownReasons.push(`${name}: ${reason}`)
      askedAgainAt = Number.POSITIVE_INFINITY
      // Whoever sees it first says so for all; the driver says when it is back.
      if (server === this.#server) this.down()
    }
  }
}

function pendingServer() {
  let isUp = false
  let resolve: (url: string) => void = () => {}
  const url = new Promise<string>((settle) => {
    resolve = (address) => {
      isUp = true
      settle(address)
    }
  })
  return { url, resolve, isUp: () => isUp }
}
