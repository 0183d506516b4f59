import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type OperationName } from '@matchday/contracts'
import { type Answer, type Call, call, must } from '../support/client.ts'

/**
 * What clients did while something broke: every call with its attempts, when they began and ended and what came of
 * them. The clients behave as ours do: what is not known is asked again with the same id, until their patience ends.
 */
export type Outcome = 'ok' | 'refused' | 'unknown'
export type Attempt = {
  /** On the monotonic clock. */
  readonly startedAt: number
  readonly endedAt: number
  /** `lost`: the connection broke, or nothing came in time. */
  readonly status: number | 'lost'
}

/** What a command must have brought about: exactly one event of this stream, of this type, with this mark in it. */
export type Effect = { readonly tournament: string; readonly type: string; readonly mark: string }

export type CallRecord = {
  /** The Idempotency-Key of all its attempts. */
  readonly id: string
  readonly operation: OperationName
  /** The tournament that it was about; undefined for one that was to be made. */
  readonly about: string | undefined
  readonly startedAt: number
  readonly endedAt: number
  readonly attempts: readonly Attempt[]
  readonly outcome: Outcome
  /** The status and the body of the last attempt, for reports. */
  readonly last: string
  /** Of a command that was acknowledged. */
  readonly effect: Effect | undefined
}

export type HistoryOptions = {
  /** A client gives up then; what it asked for is `unknown`. */
  readonly patienceMs?: number
  /** After a try that did not tell the outcome. */
  readonly pauseMs?: number
  /** Players of each tournament; all join and pick at the same time. */
  readonly players?: number
}

/** Neither done nor refused: the same id may be sent again. */
const unknownStatuses: readonly number[] = [429, 500, 502, 503, 504]
const patienceMsDefault = 30_000
const pauseMsDefault = 50
const playersDefault = 4

/** Tournaments from creation to the draw, over and over: create, join, pick, rename, read, draw. */
export class HistoryLoad {
  readonly calls: CallRecord[] = []
  readonly #url: string
  readonly #options: Required<HistoryOptions>
  #isStopped = false
  #writers: Promise<void>[] = []

  constructor(url: string, options: HistoryOptions = {}) {
    const { patienceMs = patienceMsDefault, pauseMs = pauseMsDefault, players = playersDefault } = options
    this.#url = url
    this.#options = { patienceMs, pauseMs, players }
  }

  start(writers: number): void {
    this.#writers = Array.from({ length: writers }, () => this.#write())
  }

  /** What is under way is finished first, within everybody's patience. Rejects when a client met what no client may. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#writers)
  }

  /** Tournaments that were made, as far as somebody was told. */
  get tournaments(): readonly string[] {
    return [...new Set(this.calls.flatMap(({ effect }) => (effect === undefined ? [] : [effect.tournament])))]
  }

  async #write(): Promise<void> {
    while (!this.#isStopped) await this.#play()
  }

  async #play(): Promise<void> {
    const { players: limit } = this.#options
    const name = `Cup ${newId()}`
    const created = await this.#command(
      'createTournament',
      { body: { name, limit, teams: { preset: 'nations' } } },
      ({ id }) => ({ tournament: id, type: 'tournament-created', mark: name }),
    )
    if (created === undefined) return
    const { id, organizerToken } = created.body
    const token = organizerToken ?? ''
    const teams = await this.#ask('listTeams', { path: { id } })
    if (teams === undefined) return
    const seats = Array.from({ length: limit }, (_, seat) => teams.body.items[seat]?.name ?? '')
    const seated = await Promise.all(seats.map((team, seat) => this.#take(id, seat, team)))
    if (seated.includes(false)) return

    const seen = await this.#ask('getTournament', { path: { id } })
    if (seen === undefined) return
    const renamed = `Cup ${newId()}`
    await this.#command(
      'renameTournament',
      {
        path: { id },
        token,
        body: { name: renamed },
        headers: { 'if-match': seen.headers.get('etag') ?? '' },
      },
      () => ({ tournament: id, type: 'tournament-renamed', mark: renamed }),
    )
    await this.#command('drawTeams', { path: { id }, token, body: {} }, ({ assignments }) => ({
      tournament: id,
      type: 'teams-drawn',
      mark: markOfDraw(assignments),
    }))
  }

  async #take(tournament: string, seat: number, team: string): Promise<boolean> {
    const path = { id: tournament }
    const lastName = `Seat ${seat}`
    const joined = await this.#command(
      'joinTournament',
      {
        path,
        body: { firstName: 'Player', lastName, showsFullName: true },
        // A venue of its own: more join than one address may.
        headers: { 'x-forwarded-for': tournament },
      },
      ({ playerId }) => ({ tournament, type: 'player-joined', mark: `${playerId} ${lastName}` }),
    )
    if (joined === undefined) return false
    const { playerId, playerToken: token } = joined.body
    const picked = await this.#command(
      'pickTeam',
      { path: { ...path, playerId }, token, body: { team } },
      () => ({
        tournament,
        type: 'team-picked',
        mark: `${playerId} ${team}`,
      }),
    )
    return picked !== undefined
  }

  #command<Name extends OperationName>(
    operation: Name,
    what: Call,
    effectOf: (body: Answer<Name>['body']) => Effect,
  ): Promise<Answer<Name> | undefined> {
    return this.#record(operation, what, effectOf)
  }

  #ask<Name extends OperationName>(operation: Name, what: Call): Promise<Answer<Name> | undefined> {
    return this.#record(operation, what, () => undefined)
  }

  /** Undefined when it was not acknowledged. */
  async #record<Name extends OperationName>(
    operation: Name,
    what: Call,
    effectOf: (body: Answer<Name>['body']) => Effect | undefined,
  ): Promise<Answer<Name> | undefined> {
    const id = newId()
    const startedAt = performance.now()
    const attempts: Attempt[] = []
    for (;;) {
      const tried = await this.#try(operation, { ...what, id })
      attempts.push(tried.attempt)
      const { status, endedAt } = tried.attempt
      const isKnown = typeof status === 'number' && !unknownStatuses.includes(status)
      const isOver = endedAt - startedAt > this.#options.patienceMs
      if (!isKnown && !isOver) {
        await sleep(this.#options.pauseMs)
        continue
      }
      const isDone = isKnown && status < 400
      const answer = isDone ? tried.answer : undefined
      const effect = answer === undefined ? undefined : effectOf(answer.body)
      const outcome = isDone ? 'ok' : isKnown ? 'refused' : 'unknown'
      const about = what.path?.id
      this.calls.push({
        id,
        operation,
        about,
        startedAt,
        endedAt,
        attempts,
        outcome,
        last: tried.words,
        effect,
      })
      return answer
    }
  }

  async #try<Name extends OperationName>(operation: Name, what: Call) {
    const startedAt = performance.now()
    const attempt = (status: Attempt['status']): Attempt => ({
      startedAt,
      endedAt: performance.now(),
      status,
    })
    try {
      const answer = await call(this.#url, operation, what)
      return {
        attempt: attempt(answer.status),
        answer,
        words: `${answer.status} ${answer.text.slice(0, 200)}`,
      }
    } catch (error) {
      if (!isLostConnection(error)) throw error
      return { attempt: attempt('lost'), answer: undefined, words: `${error} ${String(error.cause ?? '')}` }
    }
  }
}

/** Everything else (a breach of the contract) is a bug that ends the load. */
function isLostConnection(error: unknown): error is Error {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')
}

/** Who got what: the same draw, told twice, has the same mark. */
export function markOfDraw(assignments: readonly { playerId: string; team: string }[]): string {
  return assignments
    .map(({ playerId, team }) => `${playerId} ${team}`)
    .sort()
    .join(', ')
}

/** What calls took when nothing was broken. */
export async function baseline(url: string, writers: number, durationMs: number): Promise<HistoryFigures> {
  const load = new HistoryLoad(url)
  load.start(writers)
  await sleep(durationMs)
  await load.stop()
  return figuresOf(load.calls)
}

export type HistoryFigures = {
  readonly calls: number
  readonly unknown: number
  readonly refused: readonly string[]
  /** Attempts answered 429, 500 or more, by status; connections lost. */
  readonly failures: Readonly<Record<string, number>>
  /** Attempts that were not the first. */
  readonly repeats: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** From the first attempt to the last answer. */
  readonly worstMs: number
}

export function figuresOf(calls: readonly CallRecord[]): HistoryFigures {
  const waits = calls.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((one, other) => one - other)
  const at = (share: number) =>
    Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0)
  const failures: Record<string, number> = {}
  for (const { attempts } of calls) {
    for (const { status } of attempts) {
      if (status === 'lost' || unknownStatuses.includes(status))
        failures[status] = (failures[status] ?? 0) + 1
    }
  }
  return {
    calls: calls.length,
    unknown: calls.filter(({ outcome }) => outcome === 'unknown').length,
    refused: calls.flatMap(({ outcome, operation, last }) =>
      outcome === 'refused' ? [`${operation}: ${last}`] : [],
    ),
    failures,
    repeats: calls.reduce((sum, { attempts }) => sum + attempts.length - 1, 0),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    worstMs: at(1),
  }
}

/** A tournament of its own, and its log, whose answers tell that commands and queries work again. */
export async function untilItWorks(url: string, patienceMs: number): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    try {
      const { body } = await must(url, 'createTournament', { body: { name: `Cup ${newId()}`, limit: 2 } })
      await must(url, 'listLog', { path: { id: body.id } })
      return performance.now() - startedAt
    } catch (error) {
      if (performance.now() - startedAt > patienceMs) throw error
      await sleep(pauseMsDefault)
    }
  }
}
