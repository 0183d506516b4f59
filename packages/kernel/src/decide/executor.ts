import { faultReply } from '../bus/fault-reply.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Json, Reply, RequestItem } from '../message.ts'
import { asksNobody, keepsNoRows } from '../service/absent-parts.ts'
import type { CommandEntry } from '../service/definition.ts'
import type { Store } from '../store/port.ts'
import { Committer } from './committer.ts'
import type { Decider, DomainEvent, PrepareContext } from './decider.ts'
import { type ExecutorLimits, executorLimits } from './executor-limits.ts'
import type { Executor } from './executor-port.ts'
import { createFingerprints, type Fingerprints } from './fingerprint.ts'
import { createLanes, type Lanes } from './lanes.ts'
import { failCommand } from './outcomes.ts'
import { answerIdOf, type PendingCommand } from './pending-command.ts'
import { type PrepareMeans, prepareCommand } from './prepare-command.ts'
import { isPromise } from './replies.ts'
import { RunningCommands } from './running-commands.ts'
import { createSnapshotSaver } from './snapshot-saver.ts'
import { createStateReads, type StateReads } from './state-reads.ts'
import { createStreamStates } from './stream-states.ts'

export type ExecutorOptions = {
  readonly store: Store
  readonly log: Log
  readonly clock: Clock
  /** For the log. */
  readonly service: string
  /** Called after each commit with events: a relay need not wait for its next look. */
  readonly onCommitted?: () => void
  /** What handlers prepare with, beyond states and secrets. */
  readonly rows?: PrepareContext['rows']
  readonly ask?: PrepareContext['ask']
  /** For operations that are private, which are refused without it (see `createFingerprints`). */
  readonly fingerprintKey?: Uint8Array
  readonly limits?: Partial<ExecutorLimits>
}

/** One for each service instance; any number of instances may share a database. */
export function createExecutor(options: ExecutorOptions): Executor {
  return new CommandExecutor(options)
}

class CommandExecutor implements Executor {
  readonly #log: Log
  readonly #lanes: Lanes
  readonly #reads: StateReads
  readonly #means: PrepareMeans
  readonly #fingerprintOf: Fingerprints
  readonly #running: RunningCommands

  constructor(options: ExecutorOptions) {
    const { store, clock } = options
    const log = options.log.child({ part: 'executor', service: options.service })
    const limits: ExecutorLimits = { ...executorLimits, ...options.limits }
    const states = createStreamStates(store, limits.cachedStreamsMax)
    this.#log = log
    this.#reads = createStateReads(states, limits)
    this.#running = new RunningCommands(limits.commandsMax, () => snapshots.isIdle())
    const tellIfDrained = () => this.#running.tellIfDrained()
    const snapshots = createSnapshotSaver(store, log, limits.snapshotsWaitingMax, tellIfDrained)
    this.#fingerprintOf = createFingerprints(options.fingerprintKey)
    this.#means = {
      store,
      state: (decider, stream) => this.state(decider, stream),
      rows: options.rows ?? keepsNoRows,
      ask: options.ask ?? asksNobody,
    }
    this.#lanes = createLanes(() => committer.wake())
    const committer = new Committer({
      store,
      clock,
      log,
      limits,
      states,
      lanes: this.#lanes,
      means: this.#means,
      prepare: (command) => this.#prepare(command),
      onCommitted: (versionBefore, state) => {
        if (state !== null) snapshots.committed(versionBefore, state)
        options.onCommitted?.()
      },
    })
  }

  execute(entry: CommandEntry, item: RequestItem): Promise<Reply> {
    const answerId = answerIdOf(item)
    let fingerprint: string
    try {
      fingerprint = this.#fingerprintOf(entry.operation, item)
    } catch (error) {
      this.#log.error({ err: error, operation: item.operation, id: item.id }, 'command refused')
      return Promise.resolve(faultReply('internal'))
    }
    return this.#running.replyTo(answerId, fingerprint) ?? this.#begin(entry, item, answerId, fingerprint)
  }

  async state<State extends Json, Event extends DomainEvent>(decider: Decider<State, Event>, stream: string) {
    // Deciders are kept without their types; whoever asks gets the state of the very decider that was given.
    const read = await this.#reads.read(decider as Decider<Json, DomainEvent>, stream)
    return read.version === 0 ? null : { state: read.state as State, version: read.version }
  }

  drain(): Promise<void> {
    return this.#running.drain()
  }

  #begin(entry: CommandEntry, item: RequestItem, answerId: string, fingerprint: string): Promise<Reply> {
    let resolve: (reply: Reply) => void = () => {}
    const reply = new Promise<Reply>((resolveReply) => {
      resolve = resolveReply
    })
    // Before anything can settle it.
    this.#running.add(answerId, fingerprint, reply)
    this.#prepare({
      entry,
      item,
      answerId,
      fingerprint,
      facts: undefined,
      stream: '',
      readsSecrets: false,
      conflicts: 0,
      maybeAnswered: false,
      alone: false,
      lostClaims: new Set(),
      settle: (known) => {
        resolve(known)
        this.#running.end(answerId)
      },
    })
    return reply
  }

  /** Only after this is it known which stream the command is about. */
  #prepare(command: PendingCommand): void {
    try {
      const prepared = prepareCommand(command, this.#means)
      if (isPromise(prepared)) {
        prepared.then(
          () => this.#lanes.add(command),
          (error: unknown) => failCommand(this.#log, command, error),
        )
      } else this.#lanes.add(command)
    } catch (error) {
      failCommand(this.#log, command, error)
    }
  }
}
