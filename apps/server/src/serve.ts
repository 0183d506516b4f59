import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newId } from '@matchday/contracts'
import { type Gateway, startGateway } from '@matchday/gateway'
import {
  createLifecycle,
  createLog,
  createMemoryBus,
  createRequester,
  createTokens,
  Fault,
  type Lifecycle,
  type Log,
  systemClock,
} from '@matchday/kernel'
import { defineTournaments } from '@matchday/tournaments'
import { type Addresses, addressesOf } from './addresses.ts'
import { banner } from './banner.ts'
import type { Config } from './config.ts'
import { openDataFolder } from './data-folder.ts'
import { roleNames } from './roles.ts'
import { startService } from './start-service.ts'
import { version } from './version.ts'

/** Each part's share of the ten seconds in which a stop is over. */
const stopMs = { gateway: 6_500, requester: 500, bus: 500 } as const
/** Requests that are in flight at the stop may take this long; whoever still hangs then is cut off. */
const closeGraceMs = 5_000

/**
 * Starts everything in this process and runs until SIGTERM, SIGINT, or the end of the built-in database.
 * Resolves to the exit code.
 */
export async function serve(
  config: Config,
  onReady?: (addresses: Addresses) => Promise<void>,
): Promise<number> {
  requireAllRoles(config)
  const log = createLog(config.logLevel)
  const lifecycle = createLifecycle(log)
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  try {
    const { gateway, broken } = await start(config, lifecycle, log)
    const { port } = await gateway.listen(config.host, config.port)
    const addresses = addressesOf({ ...config, port })
    process.stdout.write(banner(addresses, process.stdout.isTTY))
    await onReady?.(addresses)
    log.info({ port, version }, 'ready')

    const end = await Promise.race([stopped.then(() => 0), broken.then(() => 1)])
    if (end === 1)
      process.stderr.write('The database has ended by itself; see postgres.log in the data folder.\n')
    else if (process.stdout.isTTY) process.stdout.write('\n  Stopping …\n')
    return end
  } catch (error) {
    throw asListenFault(error, config)
  } finally {
    await lifecycle.stopAll()
  }
}

async function start(
  config: Config,
  lifecycle: Lifecycle,
  log: Log,
): Promise<{ gateway: Gateway; broken: Promise<unknown> }> {
  const clock = systemClock
  const dim = (text: string) => (process.stderr.isTTY ? `\x1b[2m${text}\x1b[0m` : text)
  const progress = (message: string) => process.stderr.write(`${dim(`· ${message}`)}\n`)
  const data = await openDataFolder({ config, lifecycle, log, progress })
  const tokens = await createTokens(data.tokenKey)

  const bus = createMemoryBus({ clock, log })
  lifecycle.add('bus', () => bus.close(), stopMs.bus)
  // The port may be chosen by the system, so the address for phones is known only when it is asked for.
  let joinBase = addressesOf(config).reachable
  const definition = defineTournaments({
    joinUrl: (code) => `${joinBase}/j/${code}`,
    signPass: (caller) => {
      if (caller.kind === 'anyone') throw new Error('only somebody has a pass')
      return tokens.sign(caller)
    },
  })
  const database = await data.database(definition.name)
  const tournaments = await startService({ definition, bus, database, lifecycle, log, clock })

  const requester = createRequester({ bus, clock, log, newId })
  lifecycle.add('requester', () => requester.close(), stopMs.requester)
  const gateway = await startGateway({
    requester,
    bus,
    verifyToken: tokens.verify,
    health: () => healthOf(lifecycle, tournaments.health()),
    log,
    clock,
    http: {
      version,
      allowedOrigins: config.allowedOrigins,
      trustedProxyHops: config.trustedProxies,
      closeGraceMs,
      ...webRoot(),
    },
  })
  lifecycle.add('gateway', () => gateway.close(), stopMs.gateway)
  return {
    broken: data.broken,
    gateway: {
      ...gateway,
      listen: async (host, port) => {
        const place = await gateway.listen(host, port)
        joinBase = addressesOf({ ...config, port: place.port }).reachable
        return place
      },
    },
  }
}

/** Without a broker requests can't leave the process, so all roles must be in it. */
function requireAllRoles(config: Config): void {
  const missing = roleNames.filter((role) => !config.roles.includes(role))
  if (missing.length === 0) return
  throw new Fault(
    'bad-configuration',
    `--roles: ${missing.join(' and ')} missing: without a broker, one process plays all roles.`,
    {
      hint: 'Leave --roles out.',
    },
  )
}

function healthOf(lifecycle: Lifecycle, services: ReturnType<Lifecycle['health']>) {
  const parts = [...lifecycle.health(), ...services]
  return { ready: parts.every(({ state }) => state === 'ready'), parts }
}

/** The built web app lies beside the built server. */
function webRoot(): { webRoot?: string } {
  const folder = join(fileURLToPath(new URL('.', import.meta.url)), 'web')
  return existsSync(folder) ? { webRoot: resolve(folder) } : {}
}

/** What the system says about an address that can't be listened on, in words that help. */
function asListenFault(error: unknown, config: Config): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const place = `${config.host}:${config.port}`
  switch (code) {
    case 'EADDRINUSE':
      return new Fault('address-in-use', `Something else listens on ${place} already.`, {
        hint: 'Give another port: --port 3001, or MATCHDAY_PORT=3001.',
      })
    case 'EACCES':
      return new Fault('address-not-allowed', `This user may not listen on ${place}.`, {
        hint: 'Ports below 1024 are often reserved: give another one with --port.',
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Fault('address-not-here', `${config.host} is not an address of this machine.`, {
        hint: 'Leave --host out to listen on all of them.',
      })
    default:
      return error
  }
}
