import type { Caller } from '@matchday/contracts'
import { type DisconnectName, disconnects } from './codes.ts'
import type { LiveLimits } from './limits.ts'
import type { Session } from './session.ts'

/** All sockets of this process, counted by address and found by player. */
export class Sessions {
  readonly all = new Set<Session>()
  /** Those that have not been let in yet, oldest first. */
  readonly unauthenticated = new Set<Session>()
  readonly #byPlayer = new Map<string, Set<Session>>()
  readonly #byAddress = new Map<string, number>()
  readonly #disconnected = new Map<DisconnectName, number>()
  readonly #limits: LiveLimits
  #onEmpty: (() => void) | null = null

  constructor(limits: LiveLimits) {
    this.#limits = limits
  }

  hasRoomFor(address: string): boolean {
    const ofAddress = this.#byAddress.get(address) ?? 0
    return this.all.size < this.#limits.socketsMax && ofAddress < this.#limits.socketsPerAddressMax
  }

  add(session: Session): void {
    this.all.add(session)
    this.unauthenticated.add(session)
    this.#byAddress.set(session.address, (this.#byAddress.get(session.address) ?? 0) + 1)
  }

  /** Makes the session known as this player's, so that an event can end it even while its token is being checked. */
  identify(session: Session, caller: Caller): void {
    this.#forgetPlayer(session)
    session.caller = caller
    if (caller.kind !== 'player') return
    const ofPlayer = this.#byPlayer.get(caller.playerId)
    if (ofPlayer) ofPlayer.add(session)
    else this.#byPlayer.set(caller.playerId, new Set([session]))
  }

  ofPlayer(playerId: string): readonly Session[] {
    return [...(this.#byPlayer.get(playerId) ?? [])]
  }

  /**
   * Says good-bye: the session takes part in nothing from now on, and a close frame follows what was written.
   * The socket itself counts until it is gone.
   */
  disconnect(session: Session, name: DisconnectName): void {
    if (session.phase === 'closed') return
    this.leave(session)
    this.#disconnected.set(name, (this.#disconnected.get(name) ?? 0) + 1)
    const { code, reason } = disconnects[name]
    session.socket.close(code, reason)
  }

  /** Takes the session out of everything that would write to it. */
  leave(session: Session): void {
    session.phase = 'closed'
    session.waiting = null
    this.unauthenticated.delete(session)
    this.#forgetPlayer(session)
    for (const { channel } of session.subscriptions?.values() ?? []) channel.remove(session)
    session.subscriptions = null
    session.watched?.watchers.delete(session)
    session.watched = null
  }

  /** The socket is gone. */
  remove(session: Session): void {
    this.leave(session)
    if (!this.all.delete(session)) return
    const ofAddress = (this.#byAddress.get(session.address) ?? 0) - 1
    if (ofAddress > 0) this.#byAddress.set(session.address, ofAddress)
    else this.#byAddress.delete(session.address)
    if (this.all.size === 0) this.#onEmpty?.()
  }

  /** Resolves when no socket is left. */
  empty(): Promise<void> {
    if (this.all.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onEmpty = resolve
    })
  }

  disconnectCounts(): Partial<Record<DisconnectName, number>> {
    return Object.fromEntries(this.#disconnected)
  }

  #forgetPlayer(session: Session): void {
    if (session.caller.kind !== 'player') return
    const ofPlayer = this.#byPlayer.get(session.caller.playerId)
    if (!ofPlayer) return
    ofPlayer.delete(session)
    if (ofPlayer.size === 0) this.#byPlayer.delete(session.caller.playerId)
  }
}
