import { Fault } from '../../fault.ts'
import type { Checkpoint, RecordedEvent } from '../../store/port.ts'

/** As much of a store as a relay sees: a log, of which the last part may not be readable yet. */
export class EventLog {
  epoch = 'first'
  readonly events: RecordedEvent[] = []
  /** How many of the events can be read: what an open transaction holds back can't. */
  readable = Number.POSITIVE_INFINITY
  saved: Checkpoint | null = null
  saves = 0
  reads = 0
  failing: 'read' | 'save' | null = null

  commit(count = 1): void {
    for (let added = 0; added < count; added++) {
      const version = this.events.length + 1
      const at = '2026-01-01T00:00:00.000Z'
      this.events.push({ stream: 'stream', version, type: 'tested', data: { version }, at, by: 'anyone' })
    }
  }

  async read(after: Checkpoint | null, limit: number) {
    this.reads++
    if (this.failing === 'read') throw new Fault('unavailable', 'the store is away', { retryable: true })
    const from = Number(after?.position ?? 0)
    const events = this.events.slice(0, this.readable).slice(from, from + limit)
    const position = String(from + events.length)
    return { events, checkpoint: { epoch: this.epoch, xid: '0', position }, isFull: events.length >= limit }
  }

  async checkpoint() {
    return this.saved
  }

  async saveCheckpoint(_reader: string, checkpoint: Checkpoint) {
    if (this.failing === 'save') throw new Fault('unavailable', 'the store is away', { retryable: true })
    this.saves++
    this.saved = checkpoint
  }
}
