import { type BusState, createNatsBus, type NatsBus } from '@matchday/kernel'

const upTimeoutMs = 15_000

/** The real bus, when it can be used. Throws when that takes too long. */
export async function connectedBus(
  url: string,
  role: string,
  owns: readonly string[] = [],
): Promise<NatsBus> {
  const bus = createNatsBus({ servers: [url], role, owns })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no bus: ${bus.problem}`)), upTimeoutMs)
    const look = (state: BusState) => {
      if (state === 'down') return
      clearTimeout(timer)
      resolve()
    }
    bus.onState(look)
    look(bus.state)
  })
  return bus
}
