import { newId, type OrganizationId, type organizationOperations } from '@matchday/contracts'
import { must } from '../support/client.ts'
import { invitationTo, joinOrganization } from '../support/organizations.ts'
import {
  accountOf,
  newName,
  organizationIn,
  organizationKindOf,
  type Place,
  stewardOf,
  thingsIn,
  tournamentIn,
} from './place.ts'
import type { Recipe } from './recipe.ts'

const inOrganization = (place: Place) => ({ organizationId: organizationIn(place).id })
const reads: Recipe = { asking: (place) => ({ params: inOrganization(place) }) }
const writes = (body: unknown): Recipe => ({ asking: (place) => ({ params: inOrganization(place), body }) })
const steward = ({ world, column }: Place) => stewardOf(world, organizationKindOf(column)).accessToken

const ofContact = (place: Place) => ({ ...inOrganization(place), contactId: thingsIn(place).contactId })
const ofIncident = (place: Place) => ({ ...inOrganization(place), incidentId: thingsIn(place).incidentId })
const ofComment = (place: Place) => ({ ...ofIncident(place), commentId: thingsIn(place).commentId })
const ofMember = (place: Place) => ({ ...inOrganization(place), accountId: memberIn(place) })

/** Who is no member of the own organisation, whosever he is. */
function memberIn(place: Place): string {
  return place.column === 'alien' ? place.world.people.outsider.id : thingsIn(place).accountId
}

/** A tournament of the organisation, of another one, of none. */
function tournamentFor(place: Place): string {
  const { world, column } = place
  if (column === 'alien') return world.tournaments.others.id
  return column === 'void' || column === 'pending' ? newId() : tournamentIn({ world, column }).id
}

/** As `ofContact` …; a new one for whoever may have it. */
async function freshContact(place: Place) {
  if (!place.succeeds) return ofContact(place)
  const { body } = await must(place.world.url, 'createContact', {
    path: inOrganization(place),
    token: steward(place),
    body: { tournamentId: await anyTournament(place), firstName: 'Cora', lastName: 'Contact' },
  })
  return { ...inOrganization(place), contactId: body.contactId }
}

async function freshIncident(place: Place) {
  if (!place.succeeds) return ofIncident(place)
  const { body } = await must(place.world.url, 'openIncident', {
    path: inOrganization(place),
    token: steward(place),
    body: {
      tournamentId: await anyTournament(place),
      name: 'No ball',
      description: 'None.',
      priority: 'low',
    },
  })
  return { ...inOrganization(place), incidentId: body.incidentId }
}

/** His own. */
async function freshComment(place: Place) {
  if (!place.succeeds) return ofComment(place)
  const { body } = await must(place.world.url, 'addComment', {
    path: ofIncident(place),
    token: accountOf(place).accessToken,
    body: { content: 'I come.' },
  })
  return { ...ofIncident(place), commentId: body.commentId }
}

async function anyTournament(place: Place): Promise<string> {
  const { body } = await must(place.world.url, 'listOrganizationTournaments', {
    path: inOrganization(place),
    token: steward(place),
  })
  return body.items[0]!.id
}

/** What is about a tournament can be noted down where there is one. */
const aboutTournament = (body: Readonly<Record<string, unknown>>): Recipe => ({
  asking: async (place) => ({
    params: inOrganization(place),
    body: { ...body, tournamentId: place.succeeds ? await anyTournament(place) : tournamentFor(place) },
  }),
})

export const organizationRecipes: Record<keyof typeof organizationOperations, Recipe> = {
  registerOrganization: { asking: () => ({ body: { name: `Club ${newName()}` } }) },
  listMyOrganizations: { asking: () => ({}) },
  getOrganization: reads,
  changeOrganization: {
    asking: (place) => ({ params: inOrganization(place), body: { address: newName() } }),
  },
  deleteOrganization: writes({ name: 'Something else' }),
  listMembers: reads,
  changeMember: { asking: (place) => ({ params: ofMember(place), body: { role: 'support' } }) },
  removeMember: {
    asking: (place) => ({ params: ofMember(place) }),
    afterwards: async (place) => {
      const { world, column } = place
      // Nobody comes in there any more.
      if (column === 'blocked') return
      await joinOrganization(
        world.url,
        organizationIn(place).id,
        steward(place),
        world.people.helper.accessToken,
        'support',
      )
    },
  },
  createInvitation: writes({ role: 'support' }),
  listInvitations: reads,
  revokeInvitation: {
    asking: async (place) => {
      const params = { ...inOrganization(place), invitationId: thingsIn(place).invitationId }
      if (!place.succeeds) return { params }
      const { body } = await must(place.world.url, 'createInvitation', {
        path: inOrganization(place),
        token: steward(place),
        body: { role: 'support' },
      })
      return { params: { ...params, invitationId: body.invitationId } }
    },
  },
  lookAtInvitation: { asking: ({ world }) => ({ body: { token: world.spare.invitation } }) },
  acceptInvitation: {
    asking: async ({ world, succeeds }) => {
      const { id, owner, invitation } = world.spare
      const token = succeeds ? await invitationTo(world.url, id, owner.accessToken, 'support') : invitation
      return { body: { token } }
    },
  },
  listOrganizations: { asking: () => ({}) },
  inspectOrganization: reads,
  approveOrganization: {
    asking: async (place) => {
      const approved = place.column !== 'blocked'
      if (place.column !== 'pending' || !place.succeeds) {
        return { params: inOrganization(place), body: { approved } }
      }
      const { body } = await must(place.world.url, 'registerOrganization', {
        token: place.world.spare.owner.accessToken,
        body: { name: `Club ${newName()}` },
      })
      return { params: { organizationId: body.organizationId }, body: { approved } }
    },
  },
  getPreview: { asking: () => ({}) },
  enterPreview: {
    asking: (place) => ({ body: { organizationId: organizationIn(place).id } }),
    afterwards: lookAsBefore,
  },
  leavePreview: { asking: () => ({}), afterwards: lookAsBefore },
  listAdminChanges: { asking: () => ({}) },
  createContact: aboutTournament({ firstName: 'Cora', lastName: 'Contact' }),
  listContacts: reads,
  getContact: { asking: (place) => ({ params: ofContact(place) }) },
  changeContact: { asking: (place) => ({ params: ofContact(place), body: { notes: newName() } }) },
  deleteContact: { asking: async (place) => ({ params: await freshContact(place) }) },
  openIncident: aboutTournament({ name: 'No ball', description: 'There is none.', priority: 'low' }),
  listIncidents: reads,
  getIncident: { asking: (place) => ({ params: ofIncident(place) }) },
  changeIncident: { asking: (place) => ({ params: ofIncident(place), body: { priority: 'high' } }) },
  deleteIncident: { asking: async (place) => ({ params: await freshIncident(place) }) },
  addComment: { asking: (place) => ({ params: ofIncident(place), body: { content: 'Seen.' } }) },
  listComments: { asking: (place) => ({ params: ofIncident(place) }) },
  changeComment: { asking: (place) => ({ params: ofComment(place), body: { content: newName() } }) },
  deleteComment: { asking: async (place) => ({ params: await freshComment(place) }) },
  listChanges: reads,
  getChange: {
    asking: (place) => ({ params: { ...inOrganization(place), changeId: thingsIn(place).changeId } }),
  },
}

/** Visitors look into theirs, the others into none. */
async function lookAsBefore(place: Place): Promise<void> {
  const { world, caller } = place
  const { url } = world
  const token = accountOf(place).accessToken
  if (caller !== 'visitor') return void (await must(url, 'leavePreview', { token }))
  const { own, pending, blocked } = world.organizations
  const kind = place.column === 'pending' ? pending : place.column === 'blocked' ? blocked : own
  // It is an id of an organisation, as text.
  const organizationId = kind.id as OrganizationId
  await must(url, 'enterPreview', { token, body: { organizationId } })
}
