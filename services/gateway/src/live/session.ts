import type { Duplex } from 'node:stream'
import type { Caller, Realm } from '@matchday/contracts'
import { WebSocket } from 'ws'
import type { Credential } from '../sessions/credential.ts'
import type { LiveChannel, Subscriber } from './channel.ts'
import type { DisconnectName } from './codes.ts'
import { encodeTextFrame } from './frame.ts'
import type { LiveLimits } from './limits.ts'
import { MessageRate } from './message-rate.ts'
import type { Command } from './protocol.ts'

/**
 * A WebSocket that knows its session, so that one listener function serves all sockets: a closure per socket and
 * event would be a third of an idle socket's memory.
 */
export class LiveSocket extends WebSocket {
  session: Session | undefined
}

/** A socket's place in a channel; from when it asks, which is before its snapshot has been read. */
export type Subscription = { readonly channel: LiveChannel }

export type CookieToken = { readonly realm: Realm; readonly token: string }

const anyone: Caller = { kind: 'anyone' }

/** `new`: before `connect` · `connecting`: its token is being checked · `closed`: told to go, or gone. */
export type Phase = 'new' | 'connecting' | 'open' | 'closed'

/** One socket, from upgrade to close. Plain fields and no timers: there may be 20,000 of them. */
export class Session implements Subscriber {
  readonly socket: LiveSocket
  readonly address: string
  readonly openedAtMs: number
  readonly messages: MessageRate
  phase: Phase = 'new'
  /** What was shown; null: nothing. */
  credential: Credential | null = null
  /** Tokens of the browser's sessions, until `connect`. */
  cookies: readonly CookieToken[] | null
  /** Others can read along, and accounts must not be used then. */
  readonly isExposed: boolean
  /** On the monotonic clock: when the credential was last looked at. */
  checkedAtMs: number
  /** By channel name; made when first needed, for most sockets have one subscription or none yet. */
  subscriptions: Map<string, Subscription> | null = null
  /** The channel whose events may end this session: a player's. */
  watched: LiveChannel | null = null
  /** Commands that came before `connect` was answered: the official clients send both at once. */
  waiting: Command[] | null = null
  publishes: MessageRate | null = null
  missedPongs = 0
  pingSlot = -1
  readonly #stream: Duplex
  readonly #limits: LiveLimits
  readonly #onSlow: (session: Session) => void

  constructor(parts: {
    socket: LiveSocket
    stream: Duplex
    address: string
    nowMs: number
    cookies?: readonly CookieToken[] | null
    isExposed?: boolean
    limits: LiveLimits
    onSlow: (session: Session) => void
  }) {
    this.socket = parts.socket
    this.address = parts.address
    this.openedAtMs = parts.nowMs
    this.checkedAtMs = parts.nowMs
    this.cookies = parts.cookies ?? null
    this.isExposed = parts.isExposed ?? false
    this.messages = new MessageRate(parts.limits.messagesBurstMax, parts.nowMs)
    this.#stream = parts.stream
    this.#limits = parts.limits
    this.#onSlow = parts.onSlow
  }

  get caller(): Caller {
    return this.credential?.caller ?? anyone
  }

  /** Writes a whole frame, past the library: it was encoded once for many. Too much unread: the socket must go. */
  write(frame: Buffer): void {
    if (this.phase === 'closed') return
    if (this.#stream.writableLength > this.#limits.waitingBytesMax) this.#onSlow(this)
    else this.#stream.write(frame)
  }

  send(text: string): void {
    this.write(encodeTextFrame(text))
  }

  forget(channel: string): void {
    this.subscriptions?.delete(channel)
  }
}

/** Ends a session with a code from the table; what was written before still goes out first. */
export type Disconnect = (session: Session, name: DisconnectName) => void
