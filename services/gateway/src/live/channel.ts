import { type Caller, type Channel, callerScope } from '@matchday/contracts'
import type { EventMessage } from '@matchday/kernel'
import { encodeTextFrame } from './frame.ts'
import type { LiveLimits } from './limits.ts'
import { encodePush, encodeUnsubscribePush, type Recovery, type SubscribeAnswer } from './protocol.ts'
import { type Publication, publicationOf, RecentPast } from './recent-past.ts'

/** Whoever listens to a channel: a socket's session. */
export type Subscriber = {
  readonly caller: Caller
  write(frame: Buffer): void
  /** Its subscription has been ended from here. */
  forget(channel: string): void
}

/** Whoever must hear when he has to go, subscribed or not: a player's session. */
export type Watcher = { readonly caller: Caller }

/** Who may listen: nobody knows yet; everybody; whom the service lets see it, each asked for by himself. */
type ChannelAccess = 'unknown' | 'open' | 'closed'

/** Callers of one channel that are tried when its log is to be read for it. */
const readersMax = 3

/**
 * One live channel: who listens, where its stream stands, and its recent past.
 *
 * Invariants: the ring holds consecutive versions, the last of which is `head`. A subscriber has seen everything up
 * to `head` once `pending` is flushed, except those in `ahead`, whose snapshot was newer than the events seen here.
 * Events beyond a gap are `early`: nobody sees them before what is missing has come, or was read from the service.
 * After an event that may change who may listen, what follows is held until that is known.
 */
export class LiveChannel {
  readonly contract: Channel
  readonly id: string
  readonly name: string
  readonly subscribers = new Set<Subscriber>()
  readonly watchers = new Set<Watcher>()
  /** Sockets whose subscribe is being answered: the channel must not be forgotten meanwhile. */
  answering = 0
  /** 0: not looked at yet. */
  idleSinceMs = 0
  /** On the monotonic clock: when it is to be compared with its service. 0: not decided yet. */
  checkAtMs = 0
  /** The version of the latest event; null: none seen, and no snapshot read. */
  head: number | null = null
  epoch: string | null = null
  access: ChannelAccess
  /** Grows whenever it may be otherwise who may listen: what was found out before doesn't count any more. */
  accessRound = 0
  /** On the monotonic clock: when those who are in are to be asked for again. 0: not decided yet. */
  accessCheckAtMs = 0
  /** What was read as of a version before this one knows less about who may listen than we do. */
  accessVersion = 0
  #isHeld = false
  /** What was read as of a version before this one may hold what must not be told any more. */
  #forgottenBefore = 0
  #snapshot: Publication | null = null
  readonly #past: RecentPast
  readonly #early = new Map<number, EventMessage>()
  /** The latest that was too much to keep. */
  #forgottenVersion = 0
  #pending: Publication[] = []
  readonly #ahead = new Map<Subscriber, number>()
  #aheadSinceMs = 0
  readonly #limits: LiveLimits

  readonly #onRestart: (channel: LiveChannel) => void

  constructor(
    contract: Channel,
    id: string,
    limits: LiveLimits,
    onRestart: (channel: LiveChannel) => void = () => {},
  ) {
    this.#onRestart = onRestart
    this.contract = contract
    this.id = id
    this.name = `${contract.name}:${id}`
    this.#limits = limits
    this.#past = new RecentPast(limits)
    this.access = contract.policy === 'anyone' ? 'open' : 'unknown'
  }

  /** Characters kept for those who come back. */
  get historyLength(): number {
    return this.#past.length + (this.#snapshot?.text.length ?? 0)
  }

  get isIdle(): boolean {
    return this.subscribers.size === 0 && this.watchers.size === 0 && this.answering === 0
  }

  /** An event said that it may be otherwise who may listen, and nobody has found out yet. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  /** As whom its log can be read. */
  readers(): readonly Caller[] {
    const readers = new Map<string, Caller>()
    const add = (caller: Caller) => readers.set(callerScope(caller), caller)
    if (this.access !== 'closed') add({ kind: 'anyone' })
    for (const group of this.access === 'open' ? [] : [this.subscribers, this.watchers]) {
      for (const { caller } of group) {
        if (readers.size >= readersMax) break
        add(caller)
      }
    }
    return [...readers.values()]
  }

  /** Events have come whose predecessors haven't. */
  get isBehind(): boolean {
    return this.#early.size > 0 || (this.head !== null && this.#forgottenVersion > this.head)
  }

  /**
   * Takes an event of the stream; answers with those that were taken, in order, for it may close a gap. One that was
   * taken before is dropped, and one that comes too early waits. When the store was restored nobody's position holds
   * any more: the channel restarts.
   */
  take(event: EventMessage): readonly EventMessage[] {
    if (this.epoch !== null && this.epoch !== event.epoch) this.restart()
    if (this.head !== null && event.version <= this.head) return []
    if (this.head !== null && event.version > this.head + 1) {
      // Beyond the bound it is read from the service later, like what is missing.
      if (this.#early.size < this.#limits.earlyEventsMax) this.#early.set(event.version, event)
      else this.#forgottenVersion = Math.max(this.#forgottenVersion, event.version)
      return []
    }
    const taken = [event]
    this.#append(event)
    for (;;) {
      const next = this.#early.get(event.version + taken.length)
      if (next === undefined) break
      this.#early.delete(next.version)
      this.#append(next)
      taken.push(next)
    }
    for (const version of this.#early.keys()) if (version <= this.head!) this.#early.delete(version)
    return taken
  }

  #append(event: EventMessage): void {
    this.epoch = event.epoch
    this.head = event.version
    const publication = publicationOf(event)
    if (this.contract.forgets.includes(event.type)) {
      this.forgetHistory()
      this.#forgottenBefore = event.version
    }
    this.#past.push(publication)
    if (this.subscribers.size > 0) this.#pending.push(publication)
    if (this.contract.policy === 'checked' && this.contract.rechecks.includes(event.type))
      this.#hold(event.version)
  }

  /** That it has changed, everybody may know who was there; what comes then is for those who still may be. */
  #hold(version: number): void {
    this.flush()
    this.#isHeld = true
    this.forgetSnapshot()
    this.access = 'unknown'
    this.accessRound++
    this.accessVersion = version
  }

  /** It is known now who may listen, and those who may not have been ended. */
  release(access: ChannelAccess): void {
    if (this.#pending.length > this.#limits.heldEventsMax) {
      // Not told to anybody: whoever may hear it gets it in his next answer.
      this.restart()
      return
    }
    this.#isHeld = false
    this.access = access
    this.flush()
  }

  /** Ends a subscription from here. */
  end(subscriber: Subscriber, reason: Parameters<typeof encodeUnsubscribePush>[1]): void {
    if (!this.subscribers.has(subscriber)) return
    this.remove(subscriber)
    subscriber.forget(this.name)
    subscriber.write(encodeTextFrame(encodeUnsubscribePush(this.name, reason)))
  }

  /**
   * Puts what a service's log holds before what is known here: `events` are consecutive, read as of a version.
   * Answers with those that are to be taken as new, or null when they don't reach what is known, or are of a time
   * before something had to be forgotten.
   */
  keepPast(epoch: string, events: readonly EventMessage[], asOf: number): readonly EventMessage[] | null {
    const last = events.at(-1)?.version
    if (last === undefined || (this.epoch !== null && this.epoch !== epoch)) return null
    if (asOf < this.#forgottenBefore) return null
    if (this.head === null) {
      this.epoch = epoch
      this.head = last
      this.#past.prepend(events.map(publicationOf))
      return []
    }
    const { head } = this
    const first = this.#past.firstVersion ?? head + 1
    if (last < first - 1) return null
    this.#past.prepend(events.filter(({ version }) => version < first && version <= head).map(publicationOf))
    return events.filter(({ version }) => version > head)
  }

  /**
   * Learns where the stream stands, from a query that began after this channel was listening. False: events between
   * then and those seen here are missing.
   */
  learn(epoch: string, version: number): boolean {
    if (this.head === null) {
      this.epoch = epoch
      this.head = version
    }
    return this.epoch === epoch && (version >= this.head || this.#reachesBackTo(version))
  }

  /** Adds something fleeting to what is written next. `data` is JSON. */
  whisper(data: string): void {
    if (this.subscribers.size > 0) this.#pending.push({ version: 0, text: `{"data":${data}}` })
  }

  /** Writes what is pending: one frame, encoded once, one write for each socket. */
  flush(): void {
    const pending = this.#pending
    if (pending.length === 0 || this.#isHeld) return
    this.#pending = []
    let from = 0
    while (from < pending.length) {
      let to = from
      let length = 0
      while (to < pending.length && (to === from || length < this.#limits.coalescedLengthMax)) {
        length += pending[to++]!.text.length
      }
      this.#writeToAll(from === 0 && to === pending.length ? pending : pending.slice(from, to))
      from = to
    }
    for (const [subscriber, seen] of this.#ahead) {
      if (this.head !== null && seen <= this.head) this.#ahead.delete(subscriber)
    }
  }

  #writeToAll(publications: readonly Publication[]): void {
    const frame = this.#frame(publications)
    if (this.#ahead.size === 0) {
      for (const subscriber of this.subscribers) subscriber.write(frame)
      return
    }
    for (const subscriber of this.subscribers) {
      const seen = this.#ahead.get(subscriber)
      if (seen === undefined) subscriber.write(frame)
      else {
        const unseen = publications.filter(({ version }) => version === 0 || version > seen)
        if (unseen.length > 0) subscriber.write(this.#frame(unseen))
      }
    }
  }

  #frame(publications: readonly Publication[]): Buffer {
    return encodeTextFrame(publications.map(({ text }) => encodePush(this.name, text)).join('\n'))
  }

  /** Keeps a snapshot that was just read; `body` is JSON. Answers false when the ring doesn't reach back to it. */
  keepSnapshot(epoch: string, version: number, body: string): boolean {
    if (this.epoch !== null && this.epoch !== epoch) this.restart()
    if (version < this.#forgottenBefore) return false
    this.epoch = epoch
    if (this.head === null) this.head = version
    this.#snapshot = { version, text: body }
    return version >= this.head || this.#reachesBackTo(version)
  }

  /** Whether everything after a client's position is here. */
  recovers({ epoch, offset }: Recovery): boolean {
    return this.epoch === epoch && this.#reachesBackTo(offset)
  }

  /**
   * How a subscriber gets from where he stands to now: by what he missed, or by the kept snapshot and what followed.
   * Null: a snapshot must be read first. `freshEnough` says that one has just been read.
   */
  answer(recover: Recovery | null, freshEnough: boolean): SubscribeAnswer | null {
    if (this.epoch === null || this.head === null) return null
    const position = recover?.epoch === this.epoch ? recover.offset : null
    const common = { epoch: this.epoch, wasRecovering: recover !== null }
    if (position !== null && this.#reachesBackTo(position)) {
      return {
        ...common,
        offset: position,
        recovered: true,
        publications: this.#after(position),
        data: null,
      }
    }
    const snapshot = this.#snapshot
    if (snapshot === null || (snapshot.version < this.head && !this.#reachesBackTo(snapshot.version)))
      return null
    const isBehindClient = position !== null && position > Math.max(this.head, snapshot.version)
    const isOld = this.head - snapshot.version > this.#limits.snapshotTailMax
    if (!freshEnough && (isBehindClient || isOld)) return null
    const publications = this.#after(snapshot.version)
    return { ...common, offset: snapshot.version, recovered: false, publications, data: snapshot.text }
  }

  /** Lets a session in that has just been given `answer`; what it has seen must not be sent to it again. */
  add(subscriber: Subscriber, answer: SubscribeAnswer, nowMs: number): void {
    const seen = answer.offset + answer.publications.length
    // What is held comes to everybody later; he has it already.
    if (this.head !== null && (seen > this.head || this.#isHeld)) {
      if (this.#ahead.size === 0) this.#aheadSinceMs = nowMs
      this.#ahead.set(subscriber, seen)
    }
    this.subscribers.add(subscriber)
  }

  remove(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber)
    this.#ahead.delete(subscriber)
  }

  /** True when events that a snapshot already contained have not arrived for so long that they must be lost. */
  hasLostEvents(nowMs: number): boolean {
    return this.#ahead.size > 0 && nowMs - this.#aheadSinceMs > this.#limits.aheadMs
  }

  /** They have just been looked for in the service's log. */
  lookedForLost(nowMs: number): void {
    this.#aheadSinceMs = nowMs
  }

  /** Forgets everything and tells all subscribers to subscribe anew: they get a snapshot, and miss nothing. */
  restart(): void {
    this.flush()
    this.#pending = []
    this.#isHeld = false
    this.#forgottenBefore = 0
    if (this.contract.policy === 'checked') this.access = 'unknown'
    this.accessRound++
    this.accessVersion = 0
    this.forgetHistory()
    this.#early.clear()
    this.#forgottenVersion = 0
    this.#onRestart(this)
    this.head = null
    this.epoch = null
    for (const subscriber of [...this.subscribers]) this.end(subscriber, 'insufficient-state')
  }

  forgetHistory(): void {
    this.#past.clear()
    this.#snapshot = null
  }

  forgetSnapshot(): void {
    this.#snapshot = null
  }

  #reachesBackTo(version: number): boolean {
    if (this.head === null || version > this.head) return false
    const first = this.#past.firstVersion
    return version === this.head || (first !== undefined && first <= version + 1)
  }

  #after(version: number): string[] {
    return this.head === null || version >= this.head ? [] : this.#past.after(version)
  }
}
