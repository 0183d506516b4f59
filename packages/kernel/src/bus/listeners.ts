import type { Subscription } from './port.ts'

/** Who listens to what, by service. */
export class Listeners<Message> {
  private readonly byService = new Map<string, Set<(message: Message) => void>>()

  add(service: string, listener: (message: Message) => void): Subscription {
    const listeners = this.byService.get(service) ?? new Set()
    this.byService.set(service, listeners)
    // The same function may listen twice; each subscription is its own.
    const own = (message: Message) => listener(message)
    listeners.add(own)
    return { close: () => listeners.delete(own) }
  }

  of(service: string): Iterable<(message: Message) => void> {
    return this.byService.get(service) ?? []
  }
}
