import type { LiveChannel } from './channel.ts'

/** A socket's place in a channel. `live` once it was answered; before that the snapshot is still being read. */
export type SubscriptionState = { readonly channel: LiveChannel; live: boolean }
