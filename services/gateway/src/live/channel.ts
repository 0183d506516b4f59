import type { Channel } from '@matchday/contracts'
import type { EventMessage } from '@matchday/kernel'
import { encodeTextFrame } from './frame.ts'
import type { LiveLimits } from './limits.ts'
import { encodePush, encodeUnsubscribePush, type Recovery, type SubscribeAnswer } from './protocol.ts'

/** `text` is the publication's JSON. Version 0: fleeting, without an offset, for whoever is there. */
type Publication = { readonly version: number; readonly text: string }

/** Whoever listens to a channel: a socket's session. */
export type Subscriber = {
  write(frame: Buffer): void
  /** Its subscription has been ended from here. */
  forget(channel: string): void
}

/**
 * One live channel: who listens, where its stream stands, and its recent past.
 *
 * Invariants: the ring holds consecutive versions, the last of which is `head`. A subscriber has seen everything up
 * to `head` once `pending` is flushed, except those in `ahead`, whose snapshot was newer than the events seen here.
 */
export class LiveChannel {
  readonly contract: Channel
  readonly id: string
  readonly name: string
  readonly subscribers = new Set<Subscriber>()
  /** Sockets whose subscribe is being answered: the channel must not be forgotten meanwhile. */
  answering = 0
  /** 0: not looked at yet. */
  idleSinceMs = 0
  /** The version of the latest event; null: none seen, and no snapshot read. */
  head: number | null = null
  epoch: string | null = null
  #snapshot: Publication | null = null
  #ring: Publication[] = []
  #ringLength = 0
  #pending: Publication[] = []
  readonly #ahead = new Map<Subscriber, number>()
  #aheadSinceMs = 0
  readonly #limits: LiveLimits

  constructor(contract: Channel, id: string, limits: LiveLimits) {
    this.contract = contract
    this.id = id
    this.name = `${contract.name}:${id}`
    this.#limits = limits
  }

  /** Characters kept for those who come back. */
  get historyLength(): number {
    return this.#ringLength + (this.#snapshot?.text.length ?? 0)
  }

  get isIdle(): boolean {
    return this.subscribers.size === 0 && this.answering === 0
  }

  /**
   * Takes the next event of the stream; one that was taken before is dropped. When versions are missing, or the
   * store was restored, nobody's position holds any more: all subscribers are told to subscribe anew.
   */
  take(event: EventMessage): void {
    const sameEpoch = this.epoch === null || this.epoch === event.epoch
    if (sameEpoch && this.head !== null && event.version <= this.head) return
    if (!sameEpoch || (this.head !== null && event.version > this.head + 1)) this.restart()
    this.epoch = event.epoch
    this.head = event.version
    const data = JSON.stringify({ ...event.data, type: event.type, version: event.version, at: event.at })
    const publication = { version: event.version, text: `{"offset":${event.version},"data":${data}}` }
    this.#ring.push(publication)
    this.#ringLength += publication.text.length
    while (
      this.#ring.length > this.#limits.ringPublicationsMax ||
      this.#ringLength > this.#limits.ringLengthMax
    ) {
      this.#ringLength -= this.#ring.shift()?.text.length ?? 0
    }
    if (this.subscribers.size > 0) this.#pending.push(publication)
  }

  /** Adds something fleeting to what is written next. `data` is JSON. */
  whisper(data: string): void {
    if (this.subscribers.size > 0) this.#pending.push({ version: 0, text: `{"data":${data}}` })
  }

  /** Writes what is pending: one frame, encoded once, one write for each socket. */
  flush(): void {
    const pending = this.#pending
    if (pending.length === 0) return
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
    this.epoch = epoch
    if (this.head === null) this.head = version
    this.#snapshot = { version, text: body }
    return version >= this.head || this.#reachesBackTo(version)
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
    if (this.head !== null && seen > this.head) {
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

  /** Forgets everything and tells all subscribers to subscribe anew: they get a snapshot, and miss nothing. */
  restart(): void {
    this.flush()
    this.forgetHistory()
    this.head = null
    this.epoch = null
    if (this.subscribers.size === 0) return
    const frame = encodeTextFrame(encodeUnsubscribePush(this.name, 'insufficient-state'))
    for (const subscriber of [...this.subscribers]) {
      subscriber.forget(this.name)
      this.remove(subscriber)
      subscriber.write(frame)
    }
  }

  forgetHistory(): void {
    this.#ring = []
    this.#ringLength = 0
    this.#snapshot = null
  }

  forgetSnapshot(): void {
    this.#snapshot = null
  }

  #reachesBackTo(version: number): boolean {
    if (this.head === null || version > this.head) return false
    const first = this.#ring[0]?.version
    return version === this.head || (first !== undefined && first <= version + 1)
  }

  #after(version: number): string[] {
    const first = this.#ring[0]?.version
    if (first === undefined || this.head === null || version >= this.head) return []
    return this.#ring.slice(Math.max(0, version + 1 - first)).map(({ text }) => text)
  }
}
