import { allOperations, type Operation, type OperationName } from '@matchday/contracts'
import { type Account, makeAdministrator, realmOperations, signIn } from '../support/accounts.ts'
import { ask, type OperationCall, requestOf, type Told } from '../support/ask.ts'
import { must } from '../support/client.ts'
import { registerOrganization } from '../support/organizations.ts'
import type { World } from '../support/world.ts'
import { expectedOf } from './cells.ts'
import { meant } from './expected.ts'
import { accountOf, hasAccount, organizationIn, type Place, stewardOf, tokenOf } from './place.ts'
import { recipes } from './recipes.ts'
import type { CallerName } from './words.ts'

/** What hostile requests are aimed at: the door of somebody who may, so that what is asked is looked at. */
export type Aim = {
  readonly params: Readonly<Record<string, string>>
  /** His, as it is now. */
  token(): string | undefined
  /** A request that is done, whatever was asked before. */
  good(): Promise<OperationCall>
  /** Puts back what a success has changed about him. */
  afterwards(told: Told): Promise<void>
  /** Whether anybody ever succeeds here: nobody does with a link that was mailed to nobody. */
  readonly canSucceed: boolean
}

/** Blocked by chance, the one that all others need would stand still. */
const columns: Partial<Record<OperationName, string>> = { approveOrganization: 'pending' }
/** As many organisations as one may have are too many for whom other operations need. */
const askers: Partial<Record<OperationName, CallerName>> = { registerOrganization: 'admin' }

export async function aimAt(world: World, name: OperationName): Promise<Aim> {
  const operation: Operation = allOperations[name]
  const cells = expectedOf(meant[name], operation.scope !== undefined).filter(
    ({ caller, column, isLetIn }) =>
      isLetIn && (columns[name] ?? column) === column && (askers[name] ?? caller) === caller,
  )
  const cell = cells.find(({ code }) => code === 'ok') ?? cells[0]
  if (cell === undefined) throw new Error(`${name}: nobody may`)
  const { caller, column, code } = cell
  const canSucceed = code === 'ok'
  const place: Place = { world, caller, column, succeeds: canSucceed }
  const { asking, afterwards } = recipes[name]
  if (hasAccount(caller)) await signedInStill(world.url, accountOf(place))
  return {
    canSucceed,
    params: await paramsOf(place, operation),
    token: () => tokenOf(place, operation.scope),
    good: async () => asking(place),
    afterwards: async (told) => {
      await afterwards?.(place, told)
      if (name === 'createApiKey') await revoke(place, told)
    },
  }
}

/** Organisations that somebody might hit upon how to delete or block: nobody else needs them. */
const harmful: readonly OperationName[] = ['deleteOrganization', 'approveOrganization']

async function paramsOf(place: Place, { name, params }: Operation): Promise<Record<string, string>> {
  if (params === undefined) return {}
  if (harmful.includes(name)) {
    const { url, people } = place.world
    const { accessToken: token } = name === 'deleteOrganization' ? accountOf(place) : people.helper
    const organizationId = await registerOrganization(url, token)
    return { organizationId }
  }
  // Whoever's role is changed is signed out; all others need theirs.
  if (name === 'changeAdministrator') {
    const { url, mailbox, people } = place.world
    return { accountId: (await makeAdministrator(url, mailbox, people.root)).id }
  }
  return { ...(await recipes[name].asking(place)).params }
}

/** There is a bound to how many there are, and others need one. */
async function revoke(place: Place, { text }: Told): Promise<void> {
  const path = { organizationId: organizationIn(place).id, keyId: JSON.parse(text).keyId }
  const { accessToken: token } = stewardOf(place.world, 'own')
  await must(place.world.url, 'revokeApiKey', { path, token })
}

/** What was tried before may have ended his session. */
async function signedInStill(url: string, account: Account): Promise<void> {
  const { getProfile } = realmOperations[account.realm]
  const request = requestOf(allOperations[getProfile], { token: account.accessToken })
  if ((await ask(url, request)).code !== 'ok') await signIn(url, account)
}
