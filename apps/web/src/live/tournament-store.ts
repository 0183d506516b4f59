import type { Tournament, TournamentId } from '@matchday/contracts'
import { signal } from '@preact/signals'
import type { Api } from '../api/client.ts'
import { Lateness } from '../reveal/schedule.ts'
import { emptyFeed, type FeedStep, receivePublication, receiveSnapshot } from './feed.ts'
import type { Highlights, Publication, PublicationOf } from './publication.ts'

export type LiveOptions = {
  url: string
  channel: string
  token?: string | undefined
  /** Comes before the line is tried again after it was refused. */
  freshen?: (() => Promise<unknown>) | undefined
}

export type LiveHandlers = {
  snapshot(tournament: Tournament, replaces: boolean): void
  /** `isPast` when it came along with a snapshot: it counts, but it is no news. */
  publication(publication: Publication, isPast: boolean): void
  highlights(highlights: Highlights): void
  connected(): void
  /**
   * The line is down and being mended. The time is when something was last received, 0 for never; `wasSilent` when
   * that is long ago already.
   */
  connecting(lastReceivedAtMs: number, wasSilent: boolean): void
  behind(): void
  dismissed(reason: Dismissal): void
}

export type LiveConnection = {
  publish(data: unknown): void
  /** The page comes back from sleep or gets a network: trust nothing that is old. */
  wake(): void
  close(): void
}

export type Connect = (options: LiveOptions, handlers: LiveHandlers) => LiveConnection
/** Why a pass has stopped working. */
export type Dismissal = 'not-a-player' | 'pass-moved'
export type Loading = 'loading' | 'ready' | 'not-found' | 'unreachable'
export type Connection = { status: 'connecting' | 'live' | 'lost'; lastUpdateAtMs: number }
/** A reveal in progress on this device: which draw, and when (on this device's clock) it began. */
export type RevealRun = { attempt: number; startedAtMs: number; drawn: PublicationOf<'teams-drawn'> }

/** A line that is mended within this is nobody's business. */
const lostAfterMs = 1_200
const refetchPauseMs = 400
const unreachablePauseMs = 3_000
/** What somebody looks at is forgotten after this, should his phone fall silent. */
const highlightLastsMs = 30_000

export type StoreOptions = {
  id: TournamentId
  token?: string | undefined
  api: Api<'getTournament'>
  url: string
  /** Loads the live client; it comes in a chunk of its own, after the first paint. */
  loadConnect: () => Promise<Connect>
  /** Tried when the tournament is not for everybody's eyes. */
  spareToken?: string | undefined
  /** Sees to it that the session of this browser is good. */
  freshen?: (() => Promise<unknown>) | undefined
}

/**
 * One tournament as a page sees it: fetched once over HTTP for the first paint, then kept up to date over the live
 * channel, and fetched again whenever something is missing. Screens read its signals and change nothing here.
 */
export class TournamentStore {
  readonly tournament = signal<Tournament | null>(null)
  readonly loading = signal<Loading>('loading')
  readonly connection = signal<Connection>({ status: 'connecting', lastUpdateAtMs: 0 })
  readonly highlights = signal<ReadonlyMap<string, string>>(new Map())
  readonly reveal = signal<RevealRun | null>(null)
  readonly dismissed = signal<Dismissal | null>(null)

  readonly #options: StoreOptions
  readonly #listeners = new Set<(publication: Publication) => void>()
  readonly #lateness = new Lateness()
  readonly #forget = new Map<string, ReturnType<typeof setTimeout>>()
  /** Without one, unless that is refused: what anybody may read can be kept for a page without a network. */
  #token: string | undefined
  #feed = emptyFeed
  #live: LiveConnection | undefined
  #isFetching = false
  #isClosed = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #lostTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: StoreOptions) {
    this.#options = options
  }

  /** Begins to fetch and to listen. */
  async open(): Promise<void> {
    this.#lostSoon(0)
    const { url, id, freshen, spareToken } = this.#options
    const first = this.refresh()
    const [connect] = await Promise.all([this.#loadConnect(), freshen?.().catch(() => {})])
    // Only the first answer tells whether the spare token is needed.
    if (spareToken !== undefined) await first
    if (this.#isClosed) return
    const token = this.#options.token ?? this.#token
    this.#live = connect({ url, channel: `tournament:${id}`, token, freshen }, this.#handlers())
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    clearTimeout(this.#lostTimer)
    for (const timer of this.#forget.values()) clearTimeout(timer)
    this.#live?.close()
  }

  /** Calls `listener` for every publication that changes the state, in order. Returns how to stop that. */
  onPublication(listener: (publication: Publication) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells the others what this player is looking at. */
  highlight(team: string | null): void {
    this.#live?.publish({ type: 'highlight', team })
  }

  /** The page woke up or has a network again. */
  wake(): void {
    this.#live?.wake()
    void this.refresh()
  }

  /** A command of this page has changed something. The live channel tells; only without it, it must be fetched. */
  changed(): void {
    if (this.connection.value.status !== 'live') void this.refresh()
  }

  skipReveal(): void {
    this.reveal.value = null
  }

  /** Fetches a snapshot, once at a time; tries again later while there is none at all or a gap remains. */
  async refresh(): Promise<void> {
    if (this.#isFetching || this.#isClosed) return
    this.#isFetching = true
    const retryInMs = await this.#fetch()
    this.#isFetching = false
    if (retryInMs === null || this.#isClosed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.refresh(), retryInMs)
  }

  /** Milliseconds until it should be tried again, or null when all is well. */
  async #fetch(): Promise<number | null> {
    try {
      const { api, id, token, spareToken } = this.#options
      const answer = await api('getTournament', { params: { id } }, { token: this.#token })
      const other = token ?? spareToken
      if (!answer.ok && this.#token === undefined && other !== undefined) {
        this.#token = other
        return this.#fetch()
      }
      if (!answer.ok) {
        this.loading.value = 'not-found'
        // It was there before, and is nobody's business any more.
        if (answer.problem.code === 'not-found') this.#step({ feed: emptyFeed, applied: [], behind: false })
        return null
      }
      this.#lateness.hear(answer.saidAtMs, Date.now())
      if (this.connection.value.status !== 'live') this.#updatedAt(answer.atMs)
      return this.#step(receiveSnapshot(this.#feed, answer.value)) ? refetchPauseMs : null
    } catch {
      // A fault of the network or the server. The banner, or the empty page, says so until a later try succeeds.
      if (this.tournament.value === null) this.loading.value = 'unreachable'
      return this.connection.value.status === 'live' ? null : unreachablePauseMs
    }
  }

  async #loadConnect(): Promise<Connect> {
    for (;;) {
      try {
        return await this.#options.loadConnect()
      } catch (fault) {
        if (this.#isClosed) throw fault
        await new Promise((done) => setTimeout(done, unreachablePauseMs))
      }
    }
  }

  #handlers(): LiveHandlers {
    return {
      snapshot: (tournament, replaces) => this.#step(receiveSnapshot(this.#feed, tournament, replaces)),
      publication: (publication, isPast) => {
        if (this.#step(receivePublication(this.#feed, publication), isPast)) void this.refresh()
      },
      highlights: ({ items }) => {
        for (const { playerId, team } of items) this.#setHighlight(playerId, team)
      },
      connected: () => {
        clearTimeout(this.#lostTimer)
        this.#lostTimer = undefined
        this.connection.value = { status: 'live', lastUpdateAtMs: Date.now() }
      },
      connecting: (lastReceivedAtMs, wasSilent) => this.#lostSoon(lastReceivedAtMs, wasSilent),
      behind: () => void this.refresh(),
      dismissed: (reason) => {
        this.dismissed.value = reason
      },
    }
  }

  /** Takes over a step of the feed; true when something is still missing. */
  #step({ feed, applied, behind }: FeedStep, isPast = false): boolean {
    this.#feed = feed
    this.tournament.value = feed.tournament
    if (feed.tournament !== null) this.loading.value = 'ready'
    for (const publication of applied) {
      this.#follow(publication, isPast)
      for (const listener of this.#listeners) listener(publication)
    }
    return behind
  }

  #follow(publication: Publication, isPast: boolean): void {
    if (!isPast) this.#reveal(publication)
    if (publication.type === 'draw-voided') this.reveal.value = null
    if (publication.type === 'tournament-claimed') void this.refresh()
    if (publication.type === 'team-picked' || publication.type === 'player-removed') {
      this.#setHighlight(publication.playerId, null)
    }
  }

  /** A draw is revealed when it happens; whoever opens the page later finds the result. */
  #reveal(publication: Publication): void {
    const arrivedAtMs = Date.now()
    const lateMs = this.#lateness.of(Date.parse(publication.at), arrivedAtMs)
    if (publication.type !== 'teams-drawn') return
    const { attempt } = publication
    this.reveal.value = { attempt, startedAtMs: arrivedAtMs - lateMs, drawn: publication }
  }

  #setHighlight(playerId: string, team: string | null): void {
    clearTimeout(this.#forget.get(playerId))
    this.#forget.delete(playerId)
    const next = new Map(this.highlights.value)
    next.delete(playerId)
    if (team !== null) {
      next.set(playerId, team)
      this.#forget.set(
        playerId,
        setTimeout(() => this.#setHighlight(playerId, null), highlightLastsMs),
      )
    }
    this.highlights.value = next
  }

  /** Says that the line is lost, unless it is mended in a moment. */
  #lostSoon(lastReceivedAtMs: number, atOnce = false): void {
    if (this.connection.value.status === 'lost' || this.#lostTimer !== undefined) return
    const lastUpdateAtMs = lastReceivedAtMs || this.connection.value.lastUpdateAtMs
    const firstTime = this.connection.value.lastUpdateAtMs === 0
    const lost = () => {
      this.#lostTimer = undefined
      this.connection.value = {
        status: 'lost',
        lastUpdateAtMs: Math.max(lastUpdateAtMs, this.connection.value.lastUpdateAtMs),
      }
    }
    if (navigator.onLine && !atOnce)
      this.#lostTimer = setTimeout(lost, firstTime ? 3 * lostAfterMs : lostAfterMs)
    else lost()
  }

  #updatedAt(lastUpdateAtMs: number): void {
    this.connection.value = { ...this.connection.value, lastUpdateAtMs }
  }
}
