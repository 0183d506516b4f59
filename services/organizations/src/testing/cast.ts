import {
  type Caller,
  newId,
  type OperationName,
  type OrganizationId,
  organizationOperations,
} from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import type { Lab } from './lab.ts'
import { anyone, key, organizer, otherService, player, playerAccount, staff } from './people.ts'
import { joined, organizationIn, previewing } from './world.ts'

/**
 * An organisation with one of everything in it, and everybody who could want something of it: what each operation is
 * asked with, so that whoever may do it can.
 */
export async function castOf(lab: Lab) {
  const club = await organizationIn(lab)
  const { organizationId, owner } = club
  const people = {
    owner,
    manager: await club.manager(),
    support: await club.support(),
    'another owner': await club.anotherOwner(),
    'admin in preview': await previewing(lab, organizationId),
    'superadmin in preview': await previewing(lab, organizationId, staff('superadmin')),
    'admin and support': await joined(lab, organizationId, owner, 'support', staff('admin')),
  }
  const [accountId, tournamentId] = [
    (await club.support()).accountId,
    lab.neighbours.tournamentOf(organizationId),
  ]
  const rain = { name: 'Rain', description: 'It pours', priority: 'high' }
  const ids: Record<string, string> = {
    accountId,
    tournamentId,
    ...(await lab.ok('createContact', { ...club.in, tournamentId, firstName: 'A', lastName: 'B' }, owner)),
    ...(await lab.ok('openIncident', { ...club.in, tournamentId, ...rain }, owner)),
    invitationId: (await lab.ok('createInvitation', { ...club.in, role: 'support' }, owner)).invitationId,
    changeId: (await lab.ok('listChanges', club.in, owner)).items[0].changeId,
  }
  const author = await club.support()
  const comment = { ...club.in, incidentId: ids.incidentId, content: 'Well' }
  ids.commentId = (await lab.ok('addComment', comment, author)).commentId
  return { ...club, people, author, ids }
}
export type Cast = Awaited<ReturnType<typeof castOf>>

/** Who has nothing to do with an organisation. */
export const strangers = {
  anyone,
  'an organiser’s token': organizer,
  'a player’s pass': player,
  'a player with an account': playerAccount,
  'another service': otherService,
  'no member': staff(),
  admin: staff('admin'),
  superadmin: staff('superadmin'),
} satisfies Record<string, Caller>

/** Keys of an organisation. */
export function keysOf(organizationId: OrganizationId) {
  return {
    'a key for all': key(
      organizationId,
      'organization:read',
      'incidents:write',
      'tournaments:read',
      'tournaments:write',
    ),
    'a key for reading': key(organizationId, 'organization:read'),
    'a key for incidents': key(organizationId, 'incidents:write'),
    'a key for nothing here': key(organizationId, 'tournaments:read', 'tournaments:write'),
  } satisfies Record<string, Caller>
}

/** What each operation needs beside ids. */
const bodies: Partial<Record<OperationName, JsonObject>> = {
  changeOrganization: { address: 'Elsewhere' },
  changeMember: { role: 'support' },
  createInvitation: { role: 'support' },
  createContact: { firstName: 'Ada', lastName: 'L' },
  changeContact: { notes: 'x' },
  openIncident: { name: 'Hail', description: 'Too', priority: 'low' },
  changeIncident: { status: 'resolved' },
  addComment: { content: 'x' },
  changeComment: { content: 'y' },
}

/** The input of an operation inside of an organisation: ids of what is in `cast`, asked for under `organizationId`. */
export function inputOf(
  operation: keyof typeof organizationOperations,
  cast: Cast,
  organizationId: OrganizationId = cast.organizationId,
): JsonObject {
  const { params } = organizationOperations[operation] as { params?: { properties: Record<string, unknown> } }
  const named = Object.keys(params?.properties ?? {})
  const ids = Object.fromEntries(named.map((name) => [name, cast.ids[name] ?? newId()]))
  const about = operation === 'createContact' || operation === 'openIncident'
  return {
    ...ids,
    ...(about ? { tournamentId: cast.ids.tournamentId } : {}),
    ...(operation === 'deleteOrganization' ? { name: cast.name } : {}),
    ...bodies[operation],
    organizationId,
  }
}
