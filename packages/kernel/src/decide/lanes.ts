import type { PendingCommand } from './pending-command.ts'

/**
 * What one stream has waiting. A stream has at most one append in flight: commands of a stream stay in order.
 */
type Lane = { readonly stream: string; commands: PendingCommand[]; busy: boolean; delayed: boolean }

/** The commands that one stream brings to a commit. */
export type StreamWork = { readonly stream: string; readonly commands: readonly PendingCommand[] }

export type Lanes = {
  /** At the end of its stream's lane. */
  add(command: PendingCommand): void
  /** Takes the next work of streams that have none in flight, those that have waited longest first. */
  take(streamsMax: number, commandsPerStreamMax: number): StreamWork[]
  /** Commands in all lanes, those of streams with work in flight too. */
  readonly waiting: number
  /** Ends the work of a stream; `again` goes to the front, and waits `delayMs` first. */
  release(stream: string, again: readonly PendingCommand[], delayMs: number): void
}

/** `onReady` is called when work may have become available. */
export function createLanes(onReady: () => void): Lanes {
  const lanes = new Map<string, Lane>()
  let waiting = 0

  function laneOf(stream: string): Lane {
    let lane = lanes.get(stream)
    if (lane === undefined) {
      lane = { stream, commands: [], busy: false, delayed: false }
      lanes.set(stream, lane)
    }
    return lane
  }

  function delay(lane: Lane, delayMs: number): void {
    lane.delayed = true
    setTimeout(() => {
      lane.delayed = false
      onReady()
    }, delayMs)
  }

  return {
    get waiting() {
      return waiting
    },
    add(command) {
      laneOf(command.stream).commands.push(command)
      waiting += 1
      onReady()
    },
    take(streamsMax, commandsPerStreamMax) {
      const work: StreamWork[] = []
      for (const lane of lanes.values()) {
        if (lane.busy || lane.delayed || lane.commands.length === 0) continue
        lane.busy = true
        const commands = lane.commands.splice(0, commandsPerStreamMax)
        waiting -= commands.length
        work.push({ stream: lane.stream, commands })
        if (work.length === streamsMax) break
      }
      return work
    },
    release(stream, again, delayMs) {
      const lane = laneOf(stream)
      lane.busy = false
      // To the end of the line of streams, for fairness.
      lanes.delete(stream)
      if (again.length === 0 && lane.commands.length === 0) return
      lanes.set(stream, lane)
      if (again.length > 0) {
        lane.commands = [...again, ...lane.commands]
        waiting += again.length
        if (delayMs > 0) delay(lane, delayMs)
      }
      onReady()
    },
  }
}
