import { newId, type Scope } from '@matchday/contracts'
import type { Account } from '../support/accounts.ts'
import { type Joined, join, must } from '../support/client.ts'
import type { Organization, OrganizationKind, Tournament, TournamentKind, World } from '../support/world.ts'
import { makeTournament } from '../support/world.ts'
import type { CallerName } from './words.ts'

/** One cell: who asks, for what. */
export type Place = {
  readonly world: World
  readonly caller: CallerName
  readonly column: string
  /** He is expected to get it: then it should be something that nobody else needs. */
  readonly succeeds: boolean
}

const organizationKinds: readonly string[] = ['own', 'others', 'pending', 'blocked', 'gone', 'unknown']
/** Tournaments in which the guest and the organiser of the table are guest and organiser. */
const homes: readonly string[] = ['own', 'private', 'nobodys', 'blocked', 'archived', 'gone']

export function organizationKindOf(column: string): OrganizationKind {
  // Checked in the line before; things of others and of nobody are asked for in the own one.
  return organizationKinds.includes(column) ? (column as OrganizationKind) : 'own'
}

export function organizationIn({ world, column }: Pick<Place, 'world' | 'column'>): Organization {
  return world.organizations[organizationKindOf(column)]
}

/** The organisation whose things are named: for `alien` others', for `void` nobody's. */
export function thingsIn({ world, column }: Pick<Place, 'world' | 'column'>): Organization {
  if (column === 'alien') return world.organizations.others
  return column === 'void' ? world.organizations.unknown : organizationIn({ world, column })
}

export function tournamentKindOf(column: string): TournamentKind {
  const known: readonly string[] = [...homes, 'others', 'secret', 'unknown']
  // As above.
  return known.includes(column) ? (column as TournamentKind) : 'own'
}

export function tournamentIn({ world, column }: Pick<Place, 'world' | 'column'>): Tournament {
  return world.tournaments[tournamentKindOf(column)]
}

/** The account of a caller who has one. */
export function accountOf({ world, caller, column }: Pick<Place, 'world' | 'caller' | 'column'>): Account {
  const { people, lookingInto } = world
  switch (caller) {
    case 'player':
    case 'support':
    case 'manager':
    case 'owner':
    case 'outsider':
    case 'admin':
    case 'root':
      return people[caller]
    case 'visitor':
      return column === 'pending' || column === 'blocked' ? lookingInto[column] : lookingInto.own
    default:
      throw new Error(`${caller} has no account`)
  }
}

const withoutAccount: readonly CallerName[] = [
  ...(['anonymous', 'guest', 'organizer', 'stranger', 'key', 'bare-key'] as const),
]

export function hasAccount(caller: CallerName): boolean {
  return !withoutAccount.includes(caller)
}

/** What a caller shows. `scope`: the one that the operation asks of keys. */
export function tokenOf(
  place: Pick<Place, 'world' | 'caller' | 'column'>,
  scope: Scope | undefined,
): string | undefined {
  const { world, caller, column } = place
  const home = homes.includes(column) ? tournamentIn(place) : world.tournaments.own
  const keyHolder =
    column === 'pending' || column === 'blocked' ? world.organizations[column] : world.organizations.own
  switch (caller) {
    case 'anonymous':
      return undefined
    case 'guest':
      return home.guest.token
    case 'organizer':
      return home.organizer
    case 'stranger':
      return world.stranger
    case 'key':
      return keyHolder.key
    case 'bare-key':
      return scope === undefined ? keyHolder.key : world.keysWithout[scope]
    default:
      return accountOf(place).accessToken
  }
}

/** Somebody who may do everything in an organisation. */
export function stewardOf({ people, lookingInto }: World, kind: OrganizationKind): Account {
  switch (kind) {
    case 'own':
      return people.owner
    case 'pending':
    case 'blocked':
      return lookingInto[kind]
    default:
      return people.outsider
  }
}

function ownerOf(kind: TournamentKind): OrganizationKind | null {
  switch (kind) {
    case 'own':
    case 'private':
    case 'archived':
      return 'own'
    case 'others':
    case 'secret':
      return 'others'
    case 'blocked':
      return 'blocked'
    default:
      return null
  }
}

/** Another tournament that belongs where that of the column does. */
export function freshTournament(
  { world, column }: Pick<Place, 'world' | 'column'>,
  some: { guests?: 'none' } = { guests: 'none' },
): Promise<Tournament> {
  const kind = tournamentKindOf(column)
  const owner = ownerOf(kind)
  if (owner === null) return makeTournament(world.url, some)
  const isPrivate = kind === 'private' || kind === 'secret'
  return makeTournament(world.url, {
    ...some,
    token: stewardOf(world, owner).accessToken,
    body: {
      organizationId: world.organizations[owner].id,
      ...(isPrivate ? { visibility: 'private' } : {}),
    },
  })
}

/** Somebody who has just come into the tournament of the column, or, where nobody can any more, one who is left. */
export async function freshPlayer(place: Pick<Place, 'world' | 'column'>): Promise<Joined> {
  const { world, column } = place
  const tournament = tournamentIn(place)
  if (column === 'blocked') {
    const spare = tournament.spares.pop()
    if (spare === undefined) throw new Error('nobody is left')
    return spare
  }
  const joined = await join(world.url, tournament.id, newName(), 'Nora')
  if (column === 'private' || column === 'secret') {
    const path = { id: tournament.id, playerId: joined.id }
    await must(world.url, 'decideEntryRequest', {
      path,
      // Whoever manages it may have signed in anew since.
      token: stewardOf(world, column === 'private' ? 'own' : 'others').accessToken,
      body: { accepted: true },
    })
  }
  return joined
}

export function newName(): string {
  return `N${newId().slice(-12)}`
}
