import { setTimeout as delay } from 'node:timers/promises'
import { actorOf } from '@matchday/contracts'
import { faultReply, faultReplyOf } from '../bus/fault-reply.ts'
import type { PrepareContext } from '../decide/decider.ts'
import type { ExecutorOptions } from '../decide/executor.ts'
import { createFingerprints, type Fingerprints } from '../decide/fingerprint.ts'
import { answerIdOf } from '../decide/pending-command.ts'
import { presentAnswer, requestIdReused } from '../decide/replies.ts'
import { RunningCommands } from '../decide/running-commands.ts'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Reply, RequestItem } from '../message.ts'
import { asksNobody, keepsNoStates } from '../service/absent-parts.ts'
import type { RowCommandEntry } from '../service/definition.ts'
import { loggableError } from '../store/database-faults.ts'
import type { Store } from '../store/port.ts'
import { attemptRowCommand, type PreparedRowCommand, type RowAttempt } from './row-attempt.ts'
import { type RowLimits, rowLimits } from './row-limits.ts'
import type { Tables } from './tables.ts'
import { Turns } from './turns.ts'

/**
 * Runs commands on a service's own tables, each in a transaction that holds its rows, its answer and its events. One
 * for each service instance; any number of instances may share a database.
 */
export type RowExecutor = {
  /** Never throws: what goes wrong is a reply of kind `fault`. */
  execute(entry: RowCommandEntry, item: RequestItem): Promise<Reply>
  /** Resolves when nothing is waiting or in flight; used on shutdown after the intake has stopped. */
  drain(): Promise<void>
}

export type RowExecutorOptions = Pick<
  ExecutorOptions,
  'log' | 'clock' | 'service' | 'ask' | 'fingerprintKey'
> & {
  readonly tables: Pick<Tables, 'rows' | 'onClient' | 'transactionsMax'>
  readonly store: Pick<Store, 'epoch' | 'secrets'>
  /** Called after each commit of an accepted command, with events or not, and of a rejection that has events. */
  readonly onCommitted?: () => void
  /** What handlers prepare with, beyond rows, secrets and questions. */
  readonly state?: PrepareContext['state']
  readonly limits?: Partial<RowLimits>
}

export function createRowExecutor(options: RowExecutorOptions): RowExecutor {
  return new TransactionExecutor(options)
}

type Late = { readonly kind: 'late' }

class TransactionExecutor implements RowExecutor {
  readonly #options: RowExecutorOptions
  readonly #log: Log
  readonly #limits: RowLimits
  readonly #turns: Turns
  readonly #means: Omit<PrepareContext, 'caller' | 'address'>
  readonly #fingerprintOf: Fingerprints
  readonly #running: RunningCommands

  constructor(options: RowExecutorOptions) {
    const { tables, store, state, ask, fingerprintKey } = options
    this.#options = options
    this.#log = options.log.child({ part: 'rows', service: options.service })
    this.#limits = { ...rowLimits, ...options.limits }
    this.#running = new RunningCommands(this.#limits.commandsMax)
    this.#turns = new Turns(tables.transactionsMax)
    this.#means = {
      secrets: (stream) => store.secrets(stream),
      state: state ?? keepsNoStates,
      rows: tables.rows,
      ask: ask ?? asksNobody,
    }
    this.#fingerprintOf = createFingerprints(fingerprintKey)
  }

  execute(entry: RowCommandEntry, item: RequestItem): Promise<Reply> {
    const answerId = answerIdOf(item)
    let fingerprint: string
    try {
      fingerprint = this.#fingerprintOf(entry.operation, item)
    } catch (error) {
      return Promise.resolve(this.#failed(item, error))
    }
    const isRemembered = entry.handler.isRemembered !== false
    // What is not remembered has nothing to do with other content under its id.
    const key = isRemembered ? answerId : `${answerId}/${fingerprint}`
    const known = this.#running.replyTo(key, fingerprint)
    if (known !== undefined) return known
    const reply = this.#run(entry, item, isRemembered ? answerId : null, fingerprint).finally(() =>
      this.#running.end(key),
    )
    this.#running.add(key, fingerprint, reply)
    return reply
  }

  drain(): Promise<void> {
    return this.#running.drain()
  }

  async #run(
    entry: RowCommandEntry,
    item: RequestItem,
    answerId: string | null,
    fingerprint: string,
  ): Promise<Reply> {
    try {
      const { handler } = entry
      const { caller, address } = item
      const facts = await handler.prepare(item.input, { ...this.#means, caller, address })
      const stream = handler.stream(item.input, facts, caller)
      const run: PreparedRowCommand['run'] = (transaction, command) => handler.run(transaction, command)
      const reply = await this.#untilAnswered({ entry, item, answerId, fingerprint, stream, facts, run })
      return this.#told(item, stream, reply)
    } catch (error) {
      return this.#told(item, null, this.#failed(item, error))
    }
  }

  /** For whoever has to find out, later, who did what to accounts and organisations: by ids alone. */
  #told({ operation, id, caller }: RequestItem, stream: string | null, reply: Reply): Reply {
    const outcome = reply.kind === 'ok' ? 'ok' : reply.code
    this.#log.info(
      { operation, id, by: caller.kind, actor: actorOf(caller), stream, outcome },
      'command answered',
    )
    return reply
  }

  /** What was prepared is kept: it must not differ from what a transaction of unknown outcome has committed. */
  async #untilAnswered(command: PreparedRowCommand): Promise<Reply> {
    let races = 0
    let outages = 0
    let isDoubtful = false
    for (;;) {
      const attempt = await this.#turns.take(command.stream, () => this.#attempt(command))
      switch (attempt.kind) {
        case 'late':
          return faultReply(isDoubtful ? 'unavailable' : 'timed-out')
        case 'answered':
          if (attempt.hasEvents || ('ok' in attempt.kept && (attempt.isNew || isDoubtful))) {
            this.#options.onCommitted?.()
          }
          return await this.#present(command, attempt)
        case 'id-reused':
          return requestIdReused
        case 'conflict':
          // As an answer it is stored like any other, unless the same id has another one by now.
          if (command.answerId === null) return attempt.rejection
          command.run = () => Promise.resolve(attempt.rejection)
          break
        case 'lost':
          races += 1
          if (races > this.#limits.racesMax) return this.#givenUp(command)
          await this.#giveWay(races)
          break
        case 'unreached':
          isDoubtful ||= attempt.isDoubtful
          // Nobody could be asked by its id what became of it.
          if (isDoubtful && command.answerId === null) return faultReply('unavailable')
          this.#log.warn({ ...loggableError(attempt.error), outages }, 'database not reached')
          await this.#outage(outages)
          outages += 1
          break
        default:
          attempt satisfies never
      }
    }
  }

  async #attempt(command: PreparedRowCommand): Promise<RowAttempt | Late> {
    const { tables, clock } = this.#options
    if (command.item.deadlineAt <= clock.now()) return { kind: 'late' }
    return attemptRowCommand(tables, clock, command)
  }

  #present(
    { entry, item, facts }: PreparedRowCommand,
    { kept, version }: Extract<RowAttempt, { kind: 'answered' }>,
  ): Reply | Promise<Reply> {
    const asked = { input: item.input, facts }
    return presentAnswer(entry.handler, asked, kept, version, this.#options.store.epoch)
  }

  #givenUp({ item }: PreparedRowCommand): Reply {
    this.#log.warn({ operation: item.operation, id: item.id }, 'command given up after races')
    return faultReply('unavailable')
  }

  async #giveWay(races: number): Promise<void> {
    await delay(Math.random() * Math.min(this.#limits.raceDelayMsMax, 2 ** races))
  }

  async #outage(outages: number): Promise<void> {
    const { outageDelayMsMin, outageDelayMsMax } = this.#limits
    const longestMs = Math.min(outageDelayMsMax, outageDelayMsMin * 2 ** outages)
    await delay(longestMs * (0.5 + Math.random() / 2))
  }

  #failed({ operation, id }: RequestItem, error: unknown): Reply {
    if (!(error instanceof Fault))
      this.#log.error({ ...loggableError(error), operation, id }, 'command failed')
    return faultReplyOf(error)
  }
}
