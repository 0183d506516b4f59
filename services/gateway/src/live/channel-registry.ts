import type { Channel } from '@matchday/contracts'
import { isId } from '@matchday/contracts'
import type { EventMessage, Subscription } from '@matchday/kernel'
import { LiveChannel } from './channel.ts'
import type { LiveLimits } from './limits.ts'

/** Begins to listen to a channel's topic on the bus. */
type Listen = (channel: LiveChannel) => readonly Subscription[]
export type ChannelParts = {
  listen: Listen
  /** A channel has lost its place. */
  onRestart: (channel: LiveChannel) => void
}

/**
 * The channels that somebody listens to, or did a moment ago: for so long the bus is listened to for them. All that
 * changed within one turn of the event loop is written together at its end.
 */
export class ChannelRegistry {
  readonly #contracts: ReadonlyMap<string, Channel>
  readonly #channels = new Map<string, LiveChannel>()
  readonly #dirty = new Set<LiveChannel>()
  readonly #limits: LiveLimits
  readonly #listen: Listen
  readonly #onRestart: (channel: LiveChannel) => void
  readonly #subscriptions = new Map<LiveChannel, readonly Subscription[]>()
  #flushScheduled = false
  #historyLength = 0

  constructor(contracts: readonly Channel[], limits: LiveLimits, parts: ChannelParts) {
    this.#listen = parts.listen
    this.#onRestart = parts.onRestart
    this.#contracts = new Map(contracts.map((contract) => [contract.name, contract]))
    this.#limits = limits
  }

  /** The contract and id that `tournament:<id>` names; null when there can't be such a channel. */
  parse(name: string): { contract: Channel; id: string } | null {
    if (name.length > this.#limits.channelNameLengthMax) return null
    const colon = name.indexOf(':')
    const contract = this.#contracts.get(name.slice(0, Math.max(0, colon)))
    const id = name.slice(colon + 1)
    return contract && isId(id) ? { contract, id } : null
  }

  get(name: string): LiveChannel | undefined {
    return this.#channels.get(name)
  }

  /** The channel, made when it is not there; null when too many are busy. */
  open(contract: Channel, id: string): LiveChannel | null {
    const existing = this.#channels.get(`${contract.name}:${id}`)
    if (existing) return existing
    if (this.#channels.size >= this.#limits.channelsMax && !this.#forgetOneIdle()) return null
    const channel = new LiveChannel(contract, id, this.#limits, this.#onRestart)
    this.#channels.set(channel.name, channel)
    // Before anything is asked for it, so that nothing can happen in between.
    this.#subscriptions.set(channel, this.#listen(channel))
    return channel
  }

  all(): Iterable<LiveChannel> {
    return this.#channels.values()
  }

  holds(channel: LiveChannel): boolean {
    return this.#channels.get(channel.name) === channel
  }

  close(): void {
    for (const channel of [...this.#channels.values()]) this.#forget(channel)
  }

  /** For a channel that turned out not to exist. */
  forgetIfUnknown(channel: LiveChannel): void {
    if (channel.isIdle && channel.head === null && this.holds(channel)) this.#forget(channel)
  }

  /** Passes an event to its channel; answers with those that were taken. */
  take(channel: LiveChannel, event: EventMessage): readonly EventMessage[] {
    const taken = this.changeHistory(channel, () => channel.take(event))
    if (taken.length > 0) this.markDirty(channel)
    return taken
  }

  markDirty(channel: LiveChannel): void {
    this.#dirty.add(channel)
    if (this.#flushScheduled) return
    this.#flushScheduled = true
    setImmediate(() => {
      this.#flushScheduled = false
      const dirty = [...this.#dirty]
      this.#dirty.clear()
      for (const each of dirty) each.flush()
    })
  }

  /** Whatever adds to a channel's history goes through here, so that the sum stays bounded. */
  changeHistory<Result>(channel: LiveChannel, change: () => Result): Result {
    const before = channel.historyLength
    const result = change()
    this.#historyLength += channel.historyLength - before
    if (this.#historyLength > this.#limits.historyLengthMax) this.#trim()
    return result
  }

  /** Forgets channels that nobody has listened to for a while. */
  sweep(nowMs: number): void {
    for (const channel of this.#channels.values()) {
      if (!channel.isIdle || channel.idleSinceMs === 0) channel.idleSinceMs = nowMs
      else if (nowMs - channel.idleSinceMs > this.#limits.channelIdleMs) this.#forget(channel)
      // Reading a snapshot again is cheap; keeping those of thousands of silent tournaments is not.
      else this.changeHistory(channel, () => channel.forgetSnapshot())
    }
  }

  stats(): { channels: number; historyLength: number } {
    return { channels: this.#channels.size, historyLength: this.#historyLength }
  }

  /** The oldest channels lose their past first; whoever reconnects to them gets a snapshot instead. */
  #trim(): void {
    for (const channel of this.#channels.values()) {
      this.#historyLength -= channel.historyLength
      channel.forgetHistory()
      if (this.#historyLength <= 0.9 * this.#limits.historyLengthMax) return
    }
  }

  #forgetOneIdle(): boolean {
    for (const channel of this.#channels.values()) {
      if (!channel.isIdle) continue
      this.#forget(channel)
      return true
    }
    return false
  }

  #forget(channel: LiveChannel): void {
    for (const subscription of this.#subscriptions.get(channel) ?? []) subscription.close()
    this.#subscriptions.delete(channel)
    this.#historyLength -= channel.historyLength
    this.#channels.delete(channel.name)
  }
}
