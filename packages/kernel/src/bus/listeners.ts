import type { Subscription, Topic } from './port.ts'

/** Who listens to what: to all of a service, or to one stream of it. */
export class Listeners<Message> {
  private readonly byTopic = new Map<string, Set<(message: Message) => void>>()

  add(topic: Topic, listener: (message: Message) => void): Subscription {
    const key = keyOf(topic)
    const listeners = this.byTopic.get(key) ?? new Set()
    this.byTopic.set(key, listeners)
    // The same function may listen twice; each subscription is its own.
    const own = (message: Message) => listener(message)
    listeners.add(own)
    return {
      close: () => {
        listeners.delete(own)
        if (listeners.size === 0 && this.byTopic.get(key) === listeners) this.byTopic.delete(key)
      },
    }
  }

  /** Those of exactly this topic: whoever listens to a service is not among the listeners of its streams. */
  of(topic: Topic): Iterable<(message: Message) => void> {
    return this.byTopic.get(keyOf(topic)) ?? []
  }
}

/** Names of services have no slash. */
function keyOf({ service, stream }: Topic): string {
  return stream === undefined ? service : `${service}/${stream}`
}
