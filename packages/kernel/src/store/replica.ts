import { type Clock, systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createBreaker } from '../resilience/breaker.ts'
import { settlesWithin } from '../settles-within.ts'
import { type Connections, type Database, indexedPlans, openConnections } from './database.ts'
import type { RecordedEvent, Store } from './port.ts'
import { type CopiedPage, eventsOfEpoch } from './reader.ts'

export const replicaLimits = {
  /** A replica that takes longer is not waited for: the primary is asked instead. */
  answerMs: 500,
  /** One that was behind, or did not answer, is left alone for this long. */
  restMs: 500,
  connectionsMax: 6,
} as const

export type ReplicaOptions = {
  readonly primary: Pick<Store, 'epoch' | 'versions' | 'eventsOf'>
  readonly database: Database
  readonly schema: string
  readonly log: Log
  readonly clock?: Clock
  readonly limits?: { readonly [Name in keyof typeof replicaLimits]?: number }
}

/** How often pages were read where. */
export type ReplicaReads = { replica: number; primary: number }

export type Replica = Pick<Store, 'eventsOf'> & {
  readonly reads: Readonly<ReplicaReads>
  /** Why the last page came from the primary; null when it did not. */
  readonly problem: string | null
  close(): Promise<void>
}

/**
 * Reads pages of logs from a copy of the database that follows it. What it says is proved, not hoped: events have no
 * gaps and change by redactions alone, so a full page is right when the primary has counted no other redaction, and
 * the last page when it also ends at the version that the primary has now. Everything else is read from the primary,
 * so that nobody, whichever process he asks, misses what was acknowledged before he asked, or is shown what was taken
 * back. Does not wait for the replica, which may not be there.
 */
export function openReplica(options: ReplicaOptions): Replica {
  const limits = { ...replicaLimits, ...options.limits }
  const log = options.log.child({ part: 'replica' })
  const connections = openConnections(options.database, {
    schema: options.schema,
    connectionsMax: limits.connectionsMax,
    settings: { ...indexedPlans, default_transaction_read_only: 'on' },
    log,
    breaker: createBreaker({ name: `replica of ${options.schema}`, log, limits: { failuresMax: 1 } }),
  })
  return new ProvedReplica({ ...options, log, limits, connections })
}

type Parts = ReplicaOptions & {
  readonly limits: { readonly [Name in keyof typeof replicaLimits]: number }
  readonly connections: Connections
}

class ProvedReplica implements Replica {
  readonly reads: ReplicaReads = { replica: 0, primary: 0 }
  problem: string | null = null
  private readonly parts: Parts
  private readonly clock: Clock
  private restsUntil = Number.NEGATIVE_INFINITY

  constructor(parts: Parts) {
    this.parts = parts
    this.clock = parts.clock ?? systemClock
  }

  async eventsOf(stream: string, after: number, limit: number): Promise<readonly RecordedEvent[]> {
    if (this.clock.monotonicMs() >= this.restsUntil) {
      const page = await this.provedPage(stream, after, limit)
      if (page !== null) {
        this.reads.replica++
        this.told(null)
        return page
      }
    }
    this.reads.primary++
    return this.parts.primary.eventsOf(stream, after, limit)
  }

  close(): Promise<void> {
    return this.parts.connections.close()
  }

  /** Null: the primary must say it. Throws what the primary throws. */
  private async provedPage(
    stream: string,
    after: number,
    limit: number,
  ): Promise<readonly RecordedEvent[] | null> {
    const page = await this.pageOfReplica(stream, after, limit)
    if (page === null) return null
    const { events, redactions } = page
    // Asked after the page was read: all that was acknowledged before it was asked for counts.
    const now = (await this.parts.primary.versions([stream])).get(stream)
    const ending = events.at(-1)?.version ?? after
    const isWhole = events.length === limit || ending >= (now?.version ?? 0)
    const isAsToldNow = events.length === 0 || redactions === (now?.redactions ?? 0)
    if (isWhole && isAsToldNow) return events
    this.rest('it is behind')
    return null
  }

  private async pageOfReplica(stream: string, after: number, limit: number): Promise<CopiedPage | null> {
    const { connections, primary, limits } = this.parts
    try {
      const reading = eventsOfEpoch(connections, primary.epoch, stream, after, limit)
      if (await settlesWithin(reading, limits.answerMs)) return await reading
      reading.catch(() => {})
      this.rest('it did not answer in time')
    } catch (error) {
      this.rest(error instanceof Error ? error.message : String(error))
    }
    return null
  }

  private rest(problem: string): void {
    this.restsUntil = this.clock.monotonicMs() + this.parts.limits.restMs
    this.told(problem)
  }

  private told(problem: string | null): void {
    if (problem === this.problem) return
    this.problem = problem
    if (problem === null) this.parts.log.info('the replica is used again')
    else this.parts.log.warn({ problem }, 'the replica is not used: the primary answers')
  }
}
