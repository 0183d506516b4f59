import type { Server } from 'node:http'
import { actorOf, type Channel, channels } from '@matchday/contracts'
import type { Bus, Clock, Log } from '@matchday/kernel'
import type { Requester } from '../http/ports.ts'
import type { Endings, VerifyToken } from '../sessions/credential.ts'
import { createAccess } from './access.ts'
import { createAsk } from './asking.ts'
import { type Authentication, createAuthentication } from './authentication.ts'
import { createCatchUp } from './catch-up.ts'
import type { LiveChannel } from './channel.ts'
import { ChannelRegistry } from './channel-registry.ts'
import { listenTo } from './channel-topic.ts'
import { type DisconnectName, refusals } from './codes.ts'
import { createCommands } from './commands.ts'
import { drain } from './drain.ts'
import { createEventIntake } from './event-intake.ts'
import { createFleeting } from './fleeting.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createLetIn } from './letting-in.ts'
import { type LiveLimits, liveLimits } from './limits.ts'
import { createPastLoader } from './past-loader.ts'
import { createPublishing } from './publishing.ts'
import { createResync } from './resync.ts'
import type { Disconnect } from './session.ts'
import { Sessions } from './sessions.ts'
import { createSnapshotLoader } from './snapshot-loader.ts'
import { createSocketEndings, neverEnding } from './socket-endings.ts'
import { createReadLog } from './stream-log.ts'
import { createSubscribing } from './subscribing.ts'
import { createUpgrades, type UpgradeConfig } from './upgrades.ts'
import { createWatching, recheckWatchers } from './watching.ts'

export type LiveEdgeParts = {
  requester: Pick<Requester, 'request'>
  bus: Pick<Bus, 'subscribeEvents' | 'subscribeWhispers' | 'onState'>
  verifyToken: VerifyToken
  /** What ends while sockets are there by it; nothing by default. */
  endings?: Endings
  log: Log
  clock: Clock
  config: UpgradeConfig & { limits?: Partial<LiveLimits> }
}

export type LiveStats = {
  sockets: number
  unauthenticated: number
  channels: number
  /** Characters of publications and snapshots kept for those who reconnect. */
  historyLength: number
  snapshotQueries: number
  /** Since the start, by reason. */
  disconnects: Partial<Record<DisconnectName, number>>
}

export type LiveEdge = {
  /** Takes over all requests for a protocol upgrade of this server. */
  attach(server: Server): void
  stats(): LiveStats
  /**
   * No new sockets; those there are told to come back, spread over at most `drainMs`, and cut off after another
   * `closeTimeoutMs`. Call it together with the server's own `close`, which waits for the sockets.
   */
  close(): Promise<void>
}

/** The live edge: the Centrifuge client protocol over WebSocket, for every channel of the contracts. */
export function createLiveEdge(parts: LiveEdgeParts): LiveEdge {
  const { log, clock, config } = parts
  const limits: LiveLimits = { ...liveLimits, ...config.limits }
  const common = { limits, clock, log }
  const contracts: readonly Channel[] = Object.values(channels)
  const sessions = new Sessions(limits)
  const registry = new ChannelRegistry(contracts, limits, {
    listen: (channel) => listenTo(parts.bus, channel, (event) => takeEvent(channel, event), fleeting),
    onRestart: (channel) => recheckWatchers(channel, (session) => authentication.recheck(session)),
  })
  let snapshotQueries = 0

  const disconnect: Disconnect = (session, name) => {
    heartbeat.remove(session)
    const { caller } = session
    if (refusals.has(name)) log.info({ code: name, by: caller.kind, actor: actorOf(caller) }, 'refused')
    sessions.disconnect(session, name)
  }
  const fleeting = createFleeting(registry, limits)
  const ask = createAsk({ requester: parts.requester, log, limits })
  const readLog = createReadLog({ ask, limits, log })
  const onGap = (channel: LiveChannel) => resync.onGap(channel)
  const onHeld = (channel: LiveChannel) => access.recheck(channel)
  const takeEvent = createEventIntake({ registry, sessions, disconnect, onGap, onHeld, log })
  const catchUp = createCatchUp({ readLog, registry, take: takeEvent, limits, log })
  const resync = createResync({ bus: parts.bus, registry, catchUp, limits, clock })
  const { endings: told = neverEnding } = parts
  const endings = createSocketEndings({ endings: told, sessions, disconnect, ...common })
  const onTick = (nowMs: number) => {
    resync.tick(nowMs)
    endings.tick(nowMs)
    access.tick(nowMs)
  }
  const heartbeat = createHeartbeat({ sessions, registry, onTick, disconnect, limits, clock })
  const onQuery = () => {
    snapshotQueries++
  }
  const loadSnapshot = createSnapshotLoader({ ask, registry, limits, log, onQuery })
  const access = createAccess({ loadSnapshot, registry, ...common })
  const loadPast = createPastLoader({ readLog, registry, take: takeEvent, limits })
  const letIn = createLetIn({ access, loadPast, loadSnapshot, clock })
  const commands = createCommands({
    authentication: () => authentication,
    subscribing: createSubscribing({ registry, letIn, limits }),
    publish: createPublishing({ contracts, registry, ask, limits, clock }),
    disconnect,
    ...common,
  })
  const authentication: Authentication = createAuthentication({
    verifyToken: parts.verifyToken,
    ask,
    watching: createWatching({ contracts, registry }),
    sessions,
    disconnect,
    ...common,
    onConnected(session) {
      sessions.unauthenticated.delete(session)
      heartbeat.add(session)
      commands.runWaiting(session)
    },
  })
  const upgrades = createUpgrades({ config, sessions, disconnect, commands, heartbeat, ...common })

  return {
    attach: upgrades.attach,
    stats: () => ({
      ...registry.stats(),
      sockets: sessions.all.size,
      unauthenticated: sessions.unauthenticated.size,
      snapshotQueries,
      disconnects: sessions.disconnectCounts(),
    }),
    async close() {
      upgrades.close()
      await drain(sessions, disconnect, limits)
      heartbeat.close()
      endings.close()
      resync.close()
      registry.close()
      fleeting.close()
    },
  }
}
