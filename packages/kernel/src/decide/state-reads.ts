import { Fault } from '../fault.ts'
import type { Json } from '../message.ts'
import type { Decider, DomainEvent } from './decider.ts'
import type { StreamState, StreamStates } from './stream-states.ts'

type Read = {
  readonly stream: string
  readonly decider: Decider<Json, DomainEvent>
  resolve(state: StreamState): void
  reject(error: unknown): void
}

export type StateReads = {
  /** Throws Fault `unavailable` or `overloaded`. */
  read(decider: Decider<Json, DomainEvent>, stream: string): Promise<StreamState>
}

/** Reads that come while one look at the database is under way share the next one. */
export function createStateReads(
  states: StreamStates,
  bounds: { readsPerLookMax: number; readsWaitingMax: number },
): StateReads {
  let waiting: Read[] = []
  let looking = false

  async function lookWhileWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const reads = waiting.slice(0, bounds.readsPerLookMax)
      waiting = waiting.slice(bounds.readsPerLookMax)
      await look(reads)
    }
    looking = false
  }

  async function look(reads: readonly Read[]): Promise<void> {
    try {
      const wanted = new Map(reads.map((read) => [read.stream, read]))
      const found = await states.fresh([...wanted.values()])
      for (const read of reads) {
        const state = found.get(read.stream)!
        if (state instanceof Error) read.reject(state)
        else if (state.decider !== read.decider) read.reject(new Error(`${read.stream} has another decider`))
        else read.resolve(state)
      }
    } catch (error) {
      for (const read of reads) read.reject(error)
    }
  }

  return {
    read(decider, stream) {
      if (waiting.length >= bounds.readsWaitingMax) {
        return Promise.reject(new Fault('overloaded', 'Too many reads are waiting', { retryable: true }))
      }
      return new Promise((resolve, reject) => {
        waiting.push({ decider, stream, resolve, reject })
        if (looking) return
        looking = true
        // What is asked for in the same turn goes along.
        queueMicrotask(() => void lookWhileWaiting())
      })
    },
  }
}
