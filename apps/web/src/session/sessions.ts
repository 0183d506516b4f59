import { organizationRoutes } from '@matchday/contracts/organization-routes'
import { peopleRoutes } from '@matchday/contracts/people-routes'
import type { Realm } from '@matchday/contracts/roles'
import { tournamentRoutes } from '@matchday/contracts/tournament-routes'
import { createApi } from '../api/client.ts'
import { factsOf } from './facts.ts'
import { sessionKeeper } from './keeper.ts'

/** Every operation there is, for the screens of accounts and organisations. */
export const peopleApi = createApi({ ...tournamentRoutes, ...peopleRoutes, ...organizationRoutes })

const asCookies = { body: { cookies: true } } as const

export const staff = sessionKeeper({
  api: peopleApi,
  facts: factsOf('staff'),
  renew: () => peopleApi('renewStaffSession', asCookies),
  exclusively: (work) => exclusively('staff', work),
  now: Date.now,
})

export const players = sessionKeeper({
  api: peopleApi,
  facts: factsOf('players'),
  renew: () => peopleApi('renewPlayerSession', asCookies),
  exclusively: (work) => exclusively('players', work),
  now: Date.now,
})

export const sessionOf = { staff, players } as const satisfies Record<Realm, unknown>

/** Plain-http pages have no locks between tabs; there the server gives two that renew at once the same successor. */
async function exclusively<Result>(realm: Realm, work: () => Promise<Result>): Promise<Result> {
  const locks: LockManager | undefined = navigator.locks
  return locks ? locks.request(`matchday-renewal-${realm}`, work) : work()
}
