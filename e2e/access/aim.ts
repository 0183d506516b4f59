import { allOperations, type Operation, type OperationName } from '@matchday/contracts'
import { makeAdministrator, signIn } from '../support/accounts.ts'
import { ask, type OperationCall, requestOf, type Told } from '../support/ask.ts'
import type { World } from '../support/world.ts'
import { expectedOf } from './cells.ts'
import { meant } from './expected.ts'
import { accountOf, type Place, tokenOf } from './place.ts'
import { recipes } from './recipes.ts'

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

export async function aimAt(world: World, name: OperationName): Promise<Aim> {
  const operation: Operation = allOperations[name]
  const cells = expectedOf(meant[name], operation.scope !== undefined).filter(
    ({ column, isLetIn }) => isLetIn && (columns[name] ?? column) === column,
  )
  const cell = cells.find(({ code }) => code === 'ok') ?? cells[0]
  if (cell === undefined) throw new Error(`${name}: nobody may`)
  const { caller, column, code } = cell
  const canSucceed = code === 'ok'
  const place: Place = { world, caller, column, succeeds: canSucceed }
  const { asking, afterwards } = recipes[name]
  await signedInStill(place, operation)
  return {
    canSucceed,
    params: await paramsOf(place, operation),
    token: () => tokenOf(place, operation.scope),
    good: async () => asking(place),
    afterwards: async (told) => afterwards?.(place, told),
  }
}

async function paramsOf(place: Place, { name, params }: Operation): Promise<Record<string, string>> {
  if (params === undefined) return {}
  // Whoever's role is changed is signed out; all others need theirs.
  if (name === 'changeAdministrator') {
    const { url, mailbox, people } = place.world
    return { accountId: (await makeAdministrator(url, mailbox, people.root)).id }
  }
  return { ...(await recipes[name].asking(place)).params }
}

const withoutAccount = ['anonymous', 'guest', 'organizer', 'stranger', 'key', 'bare-key']

/** What was tried before may have ended his session. */
async function signedInStill(place: Place, { policy }: Operation): Promise<void> {
  if (withoutAccount.includes(place.caller)) return
  const { url } = place.world
  const isPlayer = policy === 'player-account'
  const profile = isPlayer ? allOperations.getPlayerProfile : allOperations.getStaffProfile
  const account = accountOf(place)
  if ((await ask(url, requestOf(profile, { token: account.accessToken }))).code !== 'ok') {
    await signIn(url, account)
  }
}
