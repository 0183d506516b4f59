import type { Bus, EventMessage, Subscription } from '@matchday/kernel'
import type { LiveChannel } from './channel.ts'
import type { Fleeting } from './fleeting.ts'

/** Listens to what the bus says about a channel: the events of its stream, and what is fleeting if it has any. */
export function listenTo(
  bus: Pick<Bus, 'subscribeEvents' | 'subscribeWhispers'>,
  channel: LiveChannel,
  take: (event: EventMessage) => void,
  fleeting: Pick<Fleeting, 'take'>,
): readonly Subscription[] {
  const { contract, id, name } = channel
  const topic = { service: contract.service, stream: id }
  const events = bus.subscribeEvents(topic, (batch) => batch.forEach(take))
  if (Object.keys(contract.fleeting).length === 0) return [events]
  const whispers = bus.subscribeWhispers(topic, (message) => {
    // Channels of several kinds may have the same id.
    if (message.channel === name) fleeting.take(message)
  })
  return [events, whispers]
}
