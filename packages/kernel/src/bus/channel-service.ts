import { type Channel, channels } from '@matchday/contracts'
import type { Topic } from './port.ts'

/** What gateways tell each other, and no client ever hears: how much of their limits is used up. */
export const limitsChannel = 'gateway:limits'

const serviceByChannelName = new Map<string, string>([
  ...Object.values<Channel>(channels).map((channel) => [channel.name, channel.service] as const),
  ['gateway', 'gateway'],
])

/** The service that a channel (`<name>:<id>`) belongs to. An unknown name is a bug of whoever sends to it. */
function serviceOfChannel(channel: string): string {
  const service = serviceByChannelName.get(channel.slice(0, channel.indexOf(':')))
  if (service === undefined) throw new Error(`No service has a channel ${channel}`)
  return service
}

/** Where a channel's whispers are heard: its service, and the id after the colon. */
export function topicOfChannel(channel: string): Required<Topic> {
  return { service: serviceOfChannel(channel), stream: channel.slice(channel.indexOf(':') + 1) }
}
