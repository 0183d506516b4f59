import type { Channel } from '@matchday/contracts'
import type { Bus, EventMessage, Log } from '@matchday/kernel'
import type { ChannelRegistry } from './channel-registry.ts'
import type { Fleeting } from './fleeting.ts'
import type { Disconnect } from './session.ts'
import type { Sessions } from './sessions.ts'

/** Takes what the services say from the bus, and passes it to channels and sockets. */
export function startEventIntake(parts: {
  bus: Pick<Bus, 'subscribeEvents' | 'subscribeWhispers'>
  contracts: readonly Channel[]
  registry: ChannelRegistry
  fleeting: Fleeting
  sessions: Sessions
  disconnect: Disconnect
  log: Log
}): { close(): void } {
  const { registry, sessions } = parts

  /** Every event of a stream is published, known type or not: a version left out would look like one lost. */
  function takeEvent(contract: Channel, event: EventMessage): void {
    const channel = registry.take(contract, event)
    const ending = Object.hasOwn(contract.closes, event.type) ? contract.closes[event.type] : undefined
    if (ending === undefined) return
    // First the news, then the good-bye: the phone can show why.
    channel?.flush()
    for (const session of sessions.ofPlayer(String(event.data.playerId))) {
      const { caller } = session
      if (caller.kind !== 'player' || caller.tournamentId !== event.stream) continue
      const isStillGood = ending === 'pass-moved' && caller.pass >= Number(event.data.pass)
      if (!isStillGood) parts.disconnect(session, ending)
    }
  }

  const subscriptions = [...new Set(parts.contracts.map(({ service }) => service))].flatMap((service) => {
    const contracts = parts.contracts.filter((contract) => contract.service === service)
    return [
      parts.bus.subscribeEvents({ service }, (events) => {
        for (const event of events) {
          try {
            for (const contract of contracts) takeEvent(contract, event)
          } catch (error) {
            parts.log.error({ err: error, type: event.type }, 'an event could not be passed on')
          }
        }
      }),
      parts.bus.subscribeWhispers({ service }, (message) => parts.fleeting.take(message)),
    ]
  })
  return {
    close() {
      for (const subscription of subscriptions) subscription.close()
    },
  }
}
