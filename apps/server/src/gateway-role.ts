import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { identityServiceOf, newId, type Realm } from '@matchday/contracts'
import { gatewayFigures, type RealmState, startGateway } from '@matchday/gateway'
import { createRequester, type PartHealth, watchRequester } from '@matchday/kernel'
import { type Config, isLaptop, plainHttpAccountsOf } from './config.ts'
import type { Role } from './role.ts'
import { version } from './version.ts'

const stopMs = { gateway: 6_500, requester: 500 } as const
/** Requests that are in flight at the stop may take this long; whoever still hangs then is cut off. */
const closeGraceMs = 5_000

/** Listens at once: whoever comes while the rest is missing is told so, and not left without an answer. */
export const startGatewayRole: Role['start'] = async (context) => {
  const { config, bus, clock, log, lifecycle, keys } = context
  const requester = createRequester({ bus, clock, log, newId })
  watchRequester(context.metrics, requester)
  lifecycle.add('requester', () => requester.close(), stopMs.requester)
  const gateway = await startGateway({
    requester,
    bus,
    passes: keys.verifier,
    health: context.health,
    isDraining: context.isDraining,
    log,
    clock,
    http: {
      version,
      allowedOrigins: config.allowedOrigins,
      trustedProxyHops: config.trustedProxies,
      publicOrigin: config.publicUrl,
      plainHttpAccounts: plainHttpAccountsOf(config),
      localCallers: isReachedDirectly(config) ? 'allowed' : 'refused',
      closeGraceMs,
      ...webRoot(),
    },
  })
  lifecycle.add('gateway', () => gateway.close(), stopMs.gateway)
  for (const figure of gatewayFigures(gateway)) context.metrics.add(figure)
  const { port } = await gateway.listen(config.host, config.port)
  context.onListening(port)
  const isIdentityHere = config.roles.includes('identity')
  return { health: () => gateway.realmStates().map((state) => healthOfRealm(state, isIdentityHere)) }
}

const holders: Readonly<Record<Realm, string>> = { staff: 'organisers’ people', players: 'players' }

/**
 * Who needs no account is served without identity, so a gateway is ready without it, and says what is missing. Only
 * where both are one process nobody is told "ready" before accounts are.
 */
function healthOfRealm({ realm, isKnown, problem }: RealmState, isIdentityHere: boolean): PartHealth {
  const name = `accounts of ${holders[realm]}`
  if (!isKnown) {
    const detail = `can’t be used yet: ${identityServiceOf[realm]} has not answered (${problem ?? 'being asked'})`
    return { name, state: isIdentityHere ? 'starting' : 'ready', detail }
  }
  if (problem === null) return { name, state: 'ready' }
  const detail = `${identityServiceOf[realm]} does not answer (${problem}): nobody can sign in; whoever is signed in stays`
  return { name, state: 'ready', detail }
}

/** Nothing stands in front that could make somebody elsewhere look as if he sat here. */
function isReachedDirectly(config: Config): boolean {
  return isLaptop(config) && config.trustedProxies === 0 && config.publicUrl === undefined
}

/** The built web app lies beside the built server. */
function webRoot(): { webRoot?: string } {
  const folder = join(fileURLToPath(new URL('.', import.meta.url)), 'web')
  return existsSync(folder) ? { webRoot: resolve(folder) } : {}
}
