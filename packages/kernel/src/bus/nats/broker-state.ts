import type { Log } from '../../log.ts'
import type { BusState, Subscription } from '../port.ts'

/** Whether anything can be sent, and who wants to know. */
export class BrokerState {
  current: BusState = 'down'
  private readonly log: Log
  private readonly listeners = new Set<(state: BusState) => void>()

  constructor(log: Log) {
    this.log = log
  }

  set(state: BusState): void {
    if (state === this.current) return
    this.current = state
    for (const listener of this.listeners) {
      try {
        listener(state)
      } catch (error) {
        this.log.error({ err: error }, 'a listener threw at the state of the bus')
      }
    }
  }

  /** The same function may listen twice; each subscription is its own. */
  listen(listener: (state: BusState) => void): Subscription {
    const own = (state: BusState) => listener(state)
    this.listeners.add(own)
    return { close: () => this.listeners.delete(own) }
  }

  close(): void {
    this.set('down')
    this.listeners.clear()
  }
}
