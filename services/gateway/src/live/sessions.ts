import type { Credential, Ended } from '../sessions/credential.ts'
import { type DisconnectName, disconnects } from './codes.ts'
import type { LiveLimits } from './limits.ts'
import type { Session } from './session.ts'

/** All sockets of this process, counted by address and found by who is there. */
export class Sessions {
  readonly all = new Set<Session>()
  /** Those that have not been let in yet, oldest first. */
  readonly unauthenticated = new Set<Session>()
  /** Those that are there by what may end: a session or a key. */
  readonly accountable = new Set<Session>()
  readonly #byHolder = new Map<string, Set<Session>>()
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

  /** Makes known who is there, so that an event can end it even while its token is being checked. */
  identify(session: Session, credential: Credential): void {
    this.#forgetHolder(session)
    session.credential = credential
    if (credential.kind !== 'pass') this.accountable.add(session)
    for (const holder of holdersOf(credential)) {
      const sessions = this.#byHolder.get(holder)
      if (sessions) sessions.add(session)
      else this.#byHolder.set(holder, new Set([session]))
    }
  }

  ofPlayer(playerId: string): readonly Session[] {
    return [...(this.#byHolder.get(`player:${playerId}`) ?? [])]
  }

  /** Those that may have to go. */
  of(ended: Ended): readonly Session[] {
    return [...(this.#byHolder.get(`${ended.what}:${ended.id}`) ?? [])]
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
    this.#forgetHolder(session)
    session.cookies = null
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

  #forgetHolder(session: Session): void {
    this.accountable.delete(session)
    for (const holder of session.credential === null ? [] : holdersOf(session.credential)) {
      const sessions = this.#byHolder.get(holder)
      sessions?.delete(session)
      if (sessions?.size === 0) this.#byHolder.delete(holder)
    }
  }
}

/** By what a session is found when something ends. */
function holdersOf({ caller }: Credential): readonly string[] {
  switch (caller.kind) {
    case 'player':
      return [`player:${caller.playerId}`]
    case 'staff':
    case 'player-account':
      return [`account:${caller.accountId}`, `session:${caller.sessionId}`]
    case 'key':
      return [`key:${caller.keyId}`]
    case 'anyone':
    case 'organizer':
    case 'service':
      return []
    default:
      return caller satisfies never
  }
}
