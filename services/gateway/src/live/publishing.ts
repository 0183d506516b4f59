import { type Channel, operationList } from '@matchday/contracts'
import type { Clock, JsonObject } from '@matchday/kernel'
import type { Ask } from './asking.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import { errorOfCode } from './codes.ts'
import { createInputCheck } from './input-check.ts'
import type { LiveLimits } from './limits.ts'
import { MessageRate } from './message-rate.ts'
import { encodeError, encodeReply } from './protocol.ts'
import type { Session } from './session.ts'

export type PublishCommand = { id: number; channel: string; type: string; rest: JsonObject }

/**
 * What clients may say on a channel: only what its contract names, only players of that tournament, and the service
 * decides. What comes of it arrives as a fleeting publication.
 */
export function createPublishing(parts: {
  contracts: readonly Channel[]
  registry: ChannelRegistry
  ask: Ask
  limits: LiveLimits
  clock: Clock
}): (session: Session, command: PublishCommand) => Promise<void> {
  const { registry, limits, clock } = parts
  const names = new Set<string>(parts.contracts.flatMap(({ publish }) => Object.values(publish)))
  const operations = new Map(
    operationList.flatMap((operation) => (names.has(operation.name) ? [[operation.name, operation]] : [])),
  )
  const checkInput = createInputCheck([...operations.values()])

  function isTooFast(session: Session): boolean {
    const nowMs = clock.monotonicMs()
    session.publishes ??= new MessageRate(limits.publishesBurstMax, nowMs)
    return !session.publishes.take(nowMs, limits.publishesPerSecondMax, limits.publishesBurstMax)
  }

  return async (session, { id, channel, type, rest }) => {
    const named = registry.parse(channel)
    if (named === null) return session.send(encodeError(id, 'unknown-channel'))
    const { caller } = session
    if (caller.kind !== 'player' || caller.tournamentId !== named.id) {
      return session.send(encodeError(id, 'permission-denied'))
    }
    if (isTooFast(session)) return session.send(encodeError(id, 'too-many-requests'))
    const operationName = Object.hasOwn(named.contract.publish, type)
      ? named.contract.publish[type]
      : undefined
    const operation = operationName && operations.get(operationName)
    const input = { ...rest, id: named.id, playerId: caller.playerId }
    if (!operation || !checkInput(operation, input)) return session.send(encodeError(id, 'bad-request'))

    const reply = await parts.ask(operation.name, input, caller)
    if (reply.kind === 'ok') session.send(encodeReply(id, 'publish', '{}'))
    else session.send(encodeError(id, errorOfCode[reply.code], reply.code))
  }
}
