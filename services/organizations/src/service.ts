import type { organizationInternals, organizationOperations } from '@matchday/contracts'
import { type HandlerEntry, type ReadEntry, reject, type ServiceDefinition } from '@matchday/kernel'
import { acceptInvitation } from './commands/accept-invitation.ts'
import { addComment } from './commands/add-comment.ts'
import { approveOrganization } from './commands/approve-organization.ts'
import { changeComment } from './commands/change-comment.ts'
import { changeContact } from './commands/change-contact.ts'
import { changeIncident } from './commands/change-incident.ts'
import { changeMember } from './commands/change-member.ts'
import { changeOrganization } from './commands/change-organization.ts'
import { createContact } from './commands/create-contact.ts'
import { createInvitation } from './commands/create-invitation.ts'
import { deleteComment } from './commands/delete-comment.ts'
import { deleteContact } from './commands/delete-contact.ts'
import { deleteIncident } from './commands/delete-incident.ts'
import { deleteOrganization } from './commands/delete-organization.ts'
import { enterPreview } from './commands/enter-preview.ts'
import { forgetAccount } from './commands/forget-account.ts'
import { forgetMember } from './commands/forget-member.ts'
import { leavePreview } from './commands/leave-preview.ts'
import { openIncident } from './commands/open-incident.ts'
import { registerOrganization } from './commands/register-organization.ts'
import { removeMember } from './commands/remove-member.ts'
import { revokeInvitation } from './commands/revoke-invitation.ts'
import type { OrganizationsConfig } from './config.ts'
import { organizationMigrations } from './migrations.ts'
import { checkInvitation } from './queries/check-invitation.ts'
import { getChange } from './queries/get-change.ts'
import { getContact } from './queries/get-contact.ts'
import { getIncident } from './queries/get-incident.ts'
import { getOrganization } from './queries/get-organization.ts'
import { getPreview } from './queries/get-preview.ts'
import { getStanding } from './queries/get-standing.ts'
import { inspectOrganization } from './queries/inspect-organization.ts'
import { listAdminChanges } from './queries/list-admin-changes.ts'
import { listChanges } from './queries/list-changes.ts'
import { listComments } from './queries/list-comments.ts'
import { listContacts } from './queries/list-contacts.ts'
import { listIncidents } from './queries/list-incidents.ts'
import { listInvitations } from './queries/list-invitations.ts'
import { listMemberIds } from './queries/list-member-ids.ts'
import { listMembers } from './queries/list-members.ts'
import { listMyOrganizations } from './queries/list-my-organizations.ts'
import { listOrganizations } from './queries/list-organizations.ts'
import { listSoleOwnerships } from './queries/list-sole-ownerships.ts'
import { accountDeleted } from './reactions/account-deleted.ts'
import { lookAtInvitation } from './signals/look-at-invitation.ts'
import { keyChanges } from './views/key-changes.ts'
import { tournamentChanges } from './views/tournament-changes.ts'

/** The service that decides about organisations and their people: a handler for each operation of its contract. */
export function defineOrganizations(config: OrganizationsConfig): ServiceDefinition {
  return {
    name: 'organizations',
    handlers: handlers(config),
    internals: internals(),
    views: [tournamentChanges, keyChanges],
    migrations: organizationMigrations,
    reactions: [accountDeleted],
  }
}

function handlers(config: OrganizationsConfig) {
  return {
    registerOrganization: registerOrganization(config),
    listMyOrganizations: listMyOrganizations(),
    getOrganization: getOrganization(),
    changeOrganization: changeOrganization(),
    deleteOrganization: deleteOrganization(),
    listMembers: listMembers(),
    changeMember: changeMember(),
    removeMember: removeMember(),
    createInvitation: createInvitation(config),
    listInvitations: listInvitations(),
    revokeInvitation: revokeInvitation(),
    lookAtInvitation: lookAtInvitation(),
    acceptInvitation: acceptInvitation(),
    listOrganizations: listOrganizations(),
    inspectOrganization: inspectOrganization(),
    approveOrganization: approveOrganization(),
    getPreview: getPreview(),
    enterPreview: enterPreview(),
    leavePreview: leavePreview(),
    createContact: createContact(),
    listContacts: listContacts(),
    getContact: getContact(),
    changeContact: changeContact(),
    deleteContact: deleteContact(),
    openIncident: openIncident(),
    listIncidents: listIncidents(),
    getIncident: getIncident(),
    changeIncident: changeIncident(),
    deleteIncident: deleteIncident(),
    addComment: addComment(),
    listComments: listComments(),
    changeComment: changeComment(),
    deleteComment: deleteComment(),
    listChanges: listChanges(),
    getChange: getChange(),
    listAdminChanges: listAdminChanges(),
  } satisfies Record<keyof typeof organizationOperations, HandlerEntry>
}

function internals() {
  return {
    getStanding: forServices(getStanding()),
    listMemberIds: forServices(listMemberIds()),
    listSoleOwnerships: forServices(listSoleOwnerships()),
    checkInvitation: forServices(checkInvitation()),
    forgetAccount: forgetAccount(),
    forgetMember: forgetMember(),
  } satisfies Record<keyof typeof organizationInternals, HandlerEntry>
}

function forServices(entry: ReadEntry): ReadEntry {
  return {
    ...entry,
    handle: async (input, caller, context) =>
      caller.kind === 'service' ? entry.handle(input, caller, context) : reject('not-allowed'),
  }
}
