import { newId, type Scope, scopes } from '@matchday/contracts'
import {
  type Account,
  type Mailbox,
  makeAccount,
  makeAdministrator,
  realmOperations,
  signedInAtStart,
  signIn,
} from './accounts.ts'
import { call, type Joined, join, must } from './client.ts'
import { invitationTo, joinOrganization, registerOrganization } from './organizations.ts'
import { until } from './until.ts'

/** Settings of a server on which `buildWorld` can work. */
export const worldSettings = {
  MATCHDAY_REGISTRATION: 'approved',
  MATCHDAY_SUPERADMIN_EMAIL: 'root@example.org',
  MATCHDAY_SUPERADMIN_PASSWORD: 'lantern of the harbour 7',
} as const

/** What an organisation keeps; of those that are gone or never were, ids that lead nowhere. */
export type Organization = {
  readonly id: string
  readonly contactId: string
  readonly incidentId: string
  /** Written by its support. */
  readonly commentId: string
  readonly changeId: string
  readonly invitationId: string
  /** Of a member who is junior to all others. */
  readonly accountId: string
  readonly keyId: string
  /** With all scopes, but for what is gone. */
  readonly key: string
}

export type Tournament = {
  readonly id: string
  readonly joinCode: string
  /** The organiser's token; with an organisation it is good for nothing any more. */
  readonly organizer: string
  /** A token of somebody who may do everything in it. */
  readonly manager: string
  readonly guest: Joined
  readonly another: Joined
  /** Of a private one: somebody who waits to be let in. */
  readonly waiting: Joined
  /** Others, whom nobody misses. */
  readonly spares: Joined[]
}

/** Who does what in the tests. */
export type People = {
  readonly root: Account
  /** Look into no organisation. */
  readonly admin: Account
  /** In all of `own`, `pending` and `blocked`. */
  readonly owner: Account
  readonly manager: Account
  readonly support: Account
  readonly helper: Account
  /** Owns `others`, and owned `gone`. */
  readonly outsider: Account
  readonly player: Account
  readonly otherPlayer: Account
}

export type OrganizationKind = 'own' | 'others' | 'pending' | 'blocked' | 'gone' | 'unknown'
export type TournamentKind =
  | 'own'
  | 'private'
  | 'nobodys'
  | 'others'
  | 'secret'
  | 'blocked'
  | 'archived'
  | 'gone'
  | 'unknown'

export type World = {
  readonly url: string
  readonly mailbox: Mailbox
  readonly people: People
  readonly organizations: Readonly<Record<OrganizationKind, Organization>>
  readonly tournaments: Readonly<Record<TournamentKind, Tournament>>
  /** Administrators who look into each organisation that is there. */
  readonly lookingInto: Readonly<Record<'own' | 'pending' | 'blocked', Account>>
  /** Keys of `own` that lack one scope. */
  readonly keysWithout: Readonly<Record<Scope, string>>
  /** An organisation that is there for what is created and taken away. */
  readonly spare: { readonly id: string; readonly owner: Account; readonly invitation: string }
  /** The organiser's token of a tournament of his own. */
  readonly stranger: string
}

export const worldTeams = ['Team 1', 'Team 2', 'Team 3', 'Team 4']
const newName = (what: string) => `${what} ${newId().slice(-12)}`

/** Somebody of every kind, and something of everybody's. */
export async function buildWorld(url: string, mailbox: Mailbox): Promise<World> {
  const root = await signedInAtStart(url, {
    email: worldSettings.MATCHDAY_SUPERADMIN_EMAIL,
    password: worldSettings.MATCHDAY_SUPERADMIN_PASSWORD,
  })
  const staff = (firstName: string) => makeAccount(url, 'staff', mailbox, { firstName })
  const administrator = (firstName: string) => makeAdministrator(url, mailbox, root, firstName)
  const [owner, manager, support, helper, outsider, player, otherPlayer] = await Promise.all([
    ...[staff('Olga'), staff('Milan'), staff('Sara'), staff('Hedi'), staff('Otto')],
    makeAccount(url, 'players', mailbox, { firstName: 'Pia' }),
    makeAccount(url, 'players', mailbox, { firstName: 'Quentin' }),
  ])
  const [admin, ofOwn, ofPending, ofBlocked] = await Promise.all([
    ...[administrator('Grace'), administrator('Anna'), administrator('Paul'), administrator('Karla')],
  ])
  const people: People = {
    ...{ root, admin: admin!, owner: owner!, manager: manager!, support: support!, helper: helper! },
    ...{ outsider: outsider!, player: player!, otherPlayer: otherPlayer! },
  }
  const lookingInto = { own: ofOwn!, pending: ofPending!, blocked: ofBlocked! }
  const maker = new OrganizationMaker(url, people)

  const blocked = await maker.make(people.owner, lookingInto.blocked)
  const [own, others, pending, gone] = await Promise.all([
    maker.make(people.owner, lookingInto.own),
    maker.make(people.outsider),
    maker.make(people.owner, lookingInto.pending, 'pending'),
    maker.make(people.outsider),
  ])
  const spare = await maker.register(people.outsider, true)
  const isPrivate = { visibility: 'private' }
  const keysWithout = await maker.keysWithout(own.organization.id)
  const tournaments: World['tournaments'] = {
    own: own.tournament,
    others: others.tournament,
    blocked: blocked.tournament,
    gone: gone.tournament,
    private: await maker.tournament(people.owner, own.organization.id, isPrivate, [people.player]),
    secret: await maker.tournament(people.outsider, others.organization.id, isPrivate),
    nobodys: await maker.tournament(null, null, {}, [people.player]),
    archived: await maker.tournament(people.owner, own.organization.id, {}, [people.player]),
    unknown: unknownTournament(),
  }
  await maker.archive(tournaments.archived)
  await maker.delete(people.outsider, gone)
  const invitation = await invitationTo(url, spare.id, people.outsider.accessToken, 'support')
  await maker.block(blocked.organization.id, [people.owner, people.manager, people.support, people.helper])
  return {
    ...{ url, mailbox, people, tournaments, lookingInto, keysWithout },
    organizations: {
      own: own.organization,
      others: others.organization,
      pending: pending.organization,
      blocked: blocked.organization,
      gone: gone.organization,
      unknown: unknownOrganization(),
    },
    spare: { id: spare.id, owner: people.outsider, invitation },
    stranger: (await maker.tournament(null, null)).organizer,
  }
}

type Made = { readonly organization: Organization; readonly tournament: Tournament; readonly name: string }

class OrganizationMaker {
  readonly #url: string
  readonly #people: People

  constructor(url: string, people: People) {
    this.#url = url
    this.#people = people
  }

  async register(owner: Account, isApproved: boolean): Promise<{ id: string; name: string }> {
    const name = newName('Club')
    const id = await registerOrganization(this.#url, owner.accessToken, name)
    if (isApproved) await this.#decide(id, true)
    return { id, name }
  }

  /** Whoever looks into it does what nobody else can while it waits for approval. */
  async make(owner: Account, admin?: Account, status: 'approved' | 'pending' = 'approved'): Promise<Made> {
    const { id, name } = await this.register(owner, status === 'approved')
    if (admin !== undefined) {
      await must(this.#url, 'enterPreview', { token: admin.accessToken, body: { organizationId: id } })
    }
    const by = (admin ?? owner).accessToken
    const { manager, support, helper } = this.#people
    const isOfAll = owner === this.#people.owner
    if (isOfAll) {
      await this.join(id, by, manager, 'manager')
      await this.join(id, by, support, 'support')
    }
    await this.join(id, by, helper, 'support')
    const maker = status === 'approved' ? owner : (admin ?? owner)
    const tournament = await this.tournament(maker, id, {}, isOfAll ? [this.#people.player] : [])
    const author = status === 'approved' && isOfAll ? support.accessToken : by
    return { name, tournament, organization: await this.#filled(id, by, author, tournament.id) }
  }

  async #filled(id: string, by: string, author: string, tournamentId: string): Promise<Organization> {
    const path = { organizationId: id }
    const make = { path, token: by }
    const { body: contact } = await must(this.#url, 'createContact', {
      ...make,
      body: { tournamentId, firstName: 'Cora', lastName: 'Contact' },
    })
    const { body: incident } = await must(this.#url, 'openIncident', {
      ...make,
      body: { tournamentId, name: 'No ball', description: 'There is no ball.', priority: 'low' },
    })
    const { body: comment } = await must(this.#url, 'addComment', {
      path: { ...path, incidentId: incident.incidentId },
      token: author,
      body: { content: 'On its way.' },
    })
    const { body: invitation } = await must(this.#url, 'createInvitation', {
      ...make,
      body: { role: 'support' },
    })
    const { body: key } = await must(this.#url, 'createApiKey', {
      ...make,
      body: { name: 'Key', scopes: [...scopes] },
    })
    const { body: changes } = await must(this.#url, 'listChanges', make)
    return {
      id,
      contactId: contact.contactId,
      incidentId: incident.incidentId,
      commentId: comment.commentId,
      invitationId: invitation.invitationId,
      changeId: changes.items[0]!.changeId,
      accountId: this.#people.helper.id,
      keyId: key.keyId,
      key: key.key,
    }
  }

  async join(id: string, by: string, account: Account, role: 'manager' | 'support'): Promise<void> {
    await joinOrganization(this.#url, id, by, account.accessToken, role)
  }

  async keysWithout(id: string): Promise<Record<Scope, string>> {
    const token = this.#people.owner.accessToken
    const make = async (scope: Scope) => {
      const rest = scopes.filter((other) => other !== scope)
      const { body } = await must(this.#url, 'createApiKey', {
        path: { organizationId: id },
        token,
        body: { name: `All but ${scope}`, scopes: rest },
      })
      return [scope, body.key] as const
    }
    // Each scope has its entry.
    return Object.fromEntries(await Promise.all(scopes.map(make))) as Record<Scope, string>
  }

  async tournament(
    owner: Account | null,
    organizationId: string | null,
    body: Readonly<Record<string, unknown>> = {},
    seats: readonly Account[] = [],
  ): Promise<Tournament> {
    return makeTournament(this.#url, {
      ...(owner === null ? {} : { token: owner.accessToken }),
      body: { ...(organizationId === null ? {} : { organizationId }), ...body },
      seats,
    })
  }

  async archive({ id, manager }: Tournament): Promise<void> {
    await must(this.#url, 'archiveTournament', { path: { id }, token: manager })
  }

  async delete({ accessToken: token }: Account, { organization, name, tournament }: Made): Promise<void> {
    const path = { organizationId: organization.id }
    await must(this.#url, 'deleteOrganization', { path, token, body: { name } })
    await until(
      'its tournament is gone',
      async () => (await call(this.#url, 'getTournament', { path: { id: tournament.id } })).status === 404,
    )
  }

  /** Who belongs to it is signed out, a moment later; and signs in again. */
  async block(id: string, members: readonly Account[]): Promise<void> {
    await this.#decide(id, false)
    for (const member of members) {
      const { getProfile } = realmOperations.staff
      await until(
        'its people are signed out',
        async () => (await call(this.#url, getProfile, { token: member.accessToken })).status === 401,
      )
      await signIn(this.#url, member)
    }
  }

  async #decide(organizationId: string, approved: boolean): Promise<void> {
    const { accessToken: token } = this.#people.root
    await must(this.#url, 'approveOrganization', { path: { organizationId }, token, body: { approved } })
  }
}

/** With guests in it and a seat of each account, in that order. There is room for many more. */
export async function makeTournament(
  url: string,
  made: {
    token?: string
    body?: Readonly<Record<string, unknown>>
    seats?: readonly Account[]
    /** Left out: some. */
    guests?: 'none'
  },
): Promise<Tournament> {
  const { token, body = {}, seats = [], guests } = made
  const { organizationId, ...rest } = body
  const visibility = organizationId === undefined ? 'unlisted' : 'public'
  const created = await must(url, 'createTournament', {
    ...(token === undefined ? {} : { token }),
    body: {
      ...{ name: newName('Cup'), limit: 200, teams: { names: worldTeams }, picks: 'shared', visibility },
      ...rest,
    },
  })
  const { id, joinCode, organizerToken } = created.body
  // Made without an organisation it has one.
  const organizer = organizerToken ?? ''
  const manager = organizationId === undefined ? organizer : (token ?? '')
  // Claimed rather than made for it: so there is a token that was good once.
  if (organizationId !== undefined) {
    const claim = { organizationId, organizerToken: organizer }
    await must(url, 'claimTournament', { path: { id }, token: manager, body: claim })
  }
  if (guests === 'none') return { ...unknownTournament(), id, joinCode, organizer, manager }
  const letIn = async (joined: Joined): Promise<Joined> => {
    if (body.visibility !== 'private') return joined
    const path = { id, playerId: joined.id }
    await must(url, 'decideEntryRequest', { path, token: manager, body: { accepted: true } })
    return joined
  }
  const guest = await letIn(await join(url, id, 'Guest', 'Gina'))
  const another = await letIn(await join(url, id, 'Guest', 'Anton'))
  const spares: Joined[] = []
  for (const name of ['Sina', 'Timo', 'Ulla']) spares.push(await letIn(await join(url, id, 'Spare', name)))
  for (const { accessToken, firstName, lastName } of seats) {
    const { body: seat } = await must(url, 'joinTournament', {
      path: { id },
      token: accessToken,
      body: { firstName, lastName },
    })
    await letIn({ id: seat.playerId, token: seat.playerToken })
  }
  const waiting = body.visibility === 'private' ? await join(url, id, 'Waiting', 'Wanda') : another
  return { id, joinCode, organizer, manager, guest, another, waiting, spares }
}

function unknownOrganization(): Organization {
  return {
    ...{ id: newId(), contactId: newId(), incidentId: newId(), commentId: newId(), changeId: newId() },
    ...{ invitationId: newId(), accountId: newId(), keyId: newId(), key: '' },
  }
}

function unknownTournament(): Tournament {
  const nobody = { id: newId(), token: '' }
  return {
    ...{ id: newId(), joinCode: '', organizer: '', manager: '' },
    ...{ guest: nobody, another: nobody, waiting: nobody, spares: [] },
  }
}
