import { randomUUID } from 'node:crypto'
import type { InputOf, InternalOperation } from '@matchday/contracts'
import type { Bus, Subscription } from '../bus/port.ts'
import type { Clock } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { JsonObject, Reply, RequestItem } from '../message.ts'
import { Leadership, type LeadershipLimits } from '../outbox/leadership.ts'
import type { Reaction, ReactionContext } from '../service/definition.ts'
import type { PartHealth } from '../service/lifecycle.ts'
import type { Store } from '../store/port.ts'
import type { EventSource, EventSources } from './event-source.ts'
import type { FollowerFigures } from './lag.ts'
import { type ReactionLimits, type ReactionState, ReactionTurn, reactionLimits } from './reaction-turn.ts'

/** A command that a reaction runs has so long; then the event is tried again. */
const runMs = 10_000

export type ReactionsParts = {
  readonly service: string
  readonly reactions: readonly Reaction[]
  readonly sources: EventSources
  readonly store: Pick<Store, 'leases' | 'checkpoint' | 'saveCheckpoint'>
  readonly bus: Pick<Bus, 'state' | 'onState'>
  /** Runs a command of this service, whoever asks for it. */
  readonly handle: (item: RequestItem) => Promise<Reply>
  readonly context: Pick<ReactionContext, 'ask' | 'rows' | 'claims'>
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<ReactionLimits>
  readonly lease?: Partial<LeadershipLimits>
  /** From 0 to below 1. */
  readonly random?: () => number
}

export type ReactionFigures = FollowerFigures & {
  readonly reaction: string
  /** Events that this instance has dealt with, and tries that came to nothing, since the start. */
  readonly done: number
  readonly failed: number
}

export type RunningReactions = {
  /** Finishes the event in work of each, and gives the leases back. Bounded; never throws. */
  stop(): Promise<void>
  health(): Omit<PartHealth, 'name'>
  readonly figures: readonly ReactionFigures[]
}

/** Runs a service's reactions: each by itself, and each by one instance at a time. */
export function startReactions(parts: ReactionsParts): RunningReactions {
  const names = parts.reactions.map(({ name }) => name)
  if (new Set(names).size < names.length) throw new Error(`${parts.service} has two reactions of one name`)
  const running = parts.reactions.map((reaction) => new ReactionByTurns(reaction, parts))
  return {
    stop: async () => void (await Promise.all(running.map((each) => each.stop()))),
    health: () => {
      const told = running.map((each) => each.health())
      return told.find(({ state }) => state === 'failing') ?? told.find(({ detail }) => detail) ?? ready
    },
    get figures() {
      return running.map((each) => each.figures)
    },
  }
}

const ready = { state: 'ready' } as const

/** One reaction of an instance, which does it while it holds the lease. */
class ReactionByTurns {
  readonly #reaction: Reaction
  readonly #parts: ReactionsParts
  readonly #limits: ReactionLimits
  readonly #source: EventSource
  readonly #leadership: Leadership
  readonly #subscriptions: readonly Subscription[]
  readonly #state: ReactionState = { done: 0, failed: 0, failures: 0, trouble: undefined }
  #turn: ReactionTurn | null = null

  constructor(reaction: Reaction, parts: ReactionsParts) {
    const { sources, store, bus, clock, log, lease, random } = parts
    this.#reaction = reaction
    this.#parts = parts
    this.#limits = { ...reactionLimits, ...parts.limits }
    const source = sources(reaction.source)
    this.#source = source
    this.#leadership = new Leadership({
      leases: store.leases,
      name: `reaction:${reaction.name}`,
      holder: randomUUID(),
      // Cut off from the bus it could read nobody, while another instance perhaps can.
      canLead: () => source.isOwn || bus.state === 'up',
      onGained: () => this.#begin(),
      onLost: () => this.#end(),
      clock,
      log,
      ...(lease && { limits: lease }),
      ...(random && { random }),
    })
    this.#subscriptions = [
      source.onEvents(() => this.#turn?.wake()),
      bus.onState((state) => {
        if (state === 'up') this.#leadership.tell()
      }),
    ]
  }

  get figures(): ReactionFigures {
    const { done, failed } = this.#state
    const { name } = this.#reaction
    return { reaction: name, follower: `reaction:${name}`, lagMs: this.#turn?.lag.ms ?? 0, done, failed }
  }

  health(): Omit<PartHealth, 'name'> {
    const { name } = this.#reaction
    const { isKnown, problem } = this.#leadership.state
    if (problem !== undefined) return { state: 'failing', detail: `${name}: ${problem}` }
    const { trouble, failures } = this.#state
    // What was begun elsewhere goes on without it; so a source that is away takes nobody down with it.
    if (trouble?.isSourceAway) return { state: 'ready', detail: `${name}: ${trouble.text}` }
    if (trouble !== undefined && failures >= this.#limits.failuresTold)
      return { state: 'failing', detail: `${name}: ${trouble.text}` }
    return isKnown || !this.#canKnow() ? ready : { state: 'starting' }
  }

  async stop(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.close()
    // First the event in work, then the lease: whoever takes over must not do the same meanwhile.
    await this.#turn?.stop()
    await this.#leadership.stop()
  }

  /** Without the bus nobody looks for the lease. */
  #canKnow(): boolean {
    return this.#source.isOwn || this.#parts.bus.state === 'up'
  }

  #begin(): void {
    const { store, clock, random = Math.random } = this.#parts
    const log = this.#parts.log.child({ reaction: this.#reaction.name })
    log.info('this instance reacts')
    const parts = {
      ...{ reaction: this.#reaction, source: this.#source, store, clock, log, limits: this.#limits, random },
      context: contextFor(this.#parts),
      mayGoOn: () => this.#leadership.isCertain(),
    }
    this.#turn = new ReactionTurn(parts, this.#state)
  }

  #end(): void {
    this.#turn?.abandon()
    this.#turn = null
    this.#state.failures = 0
    this.#state.trouble = undefined
  }
}

function contextFor({ service, handle, clock, context }: ReactionsParts): ReactionContext {
  const { ask, rows, claims } = context
  const caller = { kind: 'service', service } as const
  return {
    ask,
    rows,
    claims,
    run: async <const O extends InternalOperation>(id: string, operation: O, input: InputOf<O>) => {
      const { name } = operation
      if (operation.service !== service)
        throw new Error(`${service} can't run ${name} of ${operation.service}`)
      const deadlineAt = clock.now() + runMs
      // Its contract types the input.
      const reply = await handle({ id, operation: name, input: input as JsonObject, caller, deadlineAt })
      // Not known to be done: the event must come again.
      if (reply.kind === 'fault')
        throw new Fault(reply.code, `${name}: ${reply.code}`, { retryable: reply.retryable })
      return reply
    },
  }
}
