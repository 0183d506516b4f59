import { type Static, Type } from 'typebox'
import type { RejectionCode } from './codes.ts'
import type {
  ChangeId,
  CommentId,
  ContactId,
  IncidentId,
  OrganizationId,
  StaffId,
  TournamentId,
} from './ids.ts'
import {
  Closed,
  Email,
  IdOf,
  Name,
  Nullable,
  OneOf,
  Page,
  PageQuery,
  Phone,
  Text,
  TimeSchema,
} from './schemas.ts'

/** What an organisation keeps about its tournaments: contacts, incidents with comments, and who changed what. */

export const recordLimits = {
  notesLengthMax: 2_000,
  incidentDescriptionLengthMax: 20_000,
  commentLengthMax: 2_000,
} as const

export const IncidentStatus = OneOf(['to-do', 'in-progress', 'resolved', 'cancelled'])
export const IncidentPriority = OneOf(['low', 'medium', 'high'])
export type IncidentStatus = Static<typeof IncidentStatus>
export type IncidentPriority = Static<typeof IncidentPriority>

const organizationId = IdOf<OrganizationId>()
const tournamentId = IdOf<TournamentId>()
const inOrganization = Closed({ organizationId })
const ofContact = Closed({ organizationId, contactId: IdOf<ContactId>() })
const ofIncident = Closed({ organizationId, incidentId: IdOf<IncidentId>() })
const ofComment = Closed({ organizationId, incidentId: IdOf<IncidentId>(), commentId: IdOf<CommentId>() })
const access = [
  'not-found',
  'preview-needed',
  'not-allowed',
  'not-approved',
  'organization-blocked',
] as const satisfies readonly RejectionCode[]
const write = { kind: 'command', private: true } as const
const readBySupport = { kind: 'query', policy: 'support', answers: 'ok', scope: 'organization:read' } as const

const contact = {
  contactId: IdOf<ContactId>(),
  tournamentId,
  firstName: Type.String(),
  lastName: Type.String(),
  email: Nullable(Type.String()),
  phone: Nullable(Type.String()),
  notes: Type.String(),
} as const
const Notes = Text(recordLimits.notesLengthMax)

const Author = Closed({
  accountId: Nullable(IdOf<StaffId>()),
  name: Nullable(Type.String({ description: 'null when he is gone, or can’t be looked up now' })),
})
const incident = {
  incidentId: IdOf<IncidentId>(),
  tournamentId,
  name: Type.String(),
  description: Type.String(),
  status: IncidentStatus,
  priority: IncidentPriority,
  author: Author,
  createdAt: TimeSchema,
  closedAt: Nullable(TimeSchema),
  comments: Type.Integer(),
} as const
const IncidentDescription = Text(recordLimits.incidentDescriptionLengthMax, 1)
const Comment = Text(recordLimits.commentLengthMax, 1)

export const changedThings = [
  'organization',
  'member',
  'invitation',
  'contact',
  'incident',
  'comment',
  'tournament',
  'key',
] as const
export type ChangedThing = (typeof changedThings)[number]
const change = {
  changeId: IdOf<ChangeId>(),
  at: TimeSchema,
  by: Closed({ kind: Type.String(), accountId: Nullable(Type.String()), name: Nullable(Type.String()) }),
  thing: OneOf(changedThings),
  thingId: Type.String(),
  action: Type.String({
    description: 'created, changed, deleted, preview-entered, preview-left, or the event of a tournament',
  }),
  after: Nullable(Type.Object({}, { additionalProperties: true })),
} as const
const changeFilter = Closed({ ...PageQuery, accountId: Type.Optional(IdOf<StaffId>()) })

/** Part of the operations of `organizations`. */
export const recordOperations = {
  createContact: {
    ...write,
    summary: 'Note down whom to reach about a tournament',
    policy: 'manager',
    params: inOrganization,
    body: Closed({
      tournamentId,
      firstName: Name('person'),
      lastName: Name('person'),
      email: Type.Optional(Email),
      phone: Type.Optional(Phone),
      notes: Type.Optional(Notes),
    }),
    answers: 'created',
    output: Closed({ contactId: IdOf<ContactId>() }),
    rejections: [...access, 'limit-reached'],
  },
  listContacts: {
    ...readBySupport,
    summary: 'Contacts, in the order in which they were noted',
    params: inOrganization,
    query: Closed({ ...PageQuery, tournamentId: Type.Optional(tournamentId) }),
    output: Page(contact),
    rejections: access,
  },
  getContact: {
    ...readBySupport,
    summary: 'One contact',
    params: ofContact,
    output: Closed(contact),
    rejections: access,
  },
  changeContact: {
    ...write,
    summary: 'Change a contact',
    policy: 'manager',
    params: ofContact,
    body: Closed({
      firstName: Type.Optional(Name('person')),
      lastName: Type.Optional(Name('person')),
      email: Type.Optional(Nullable(Email)),
      phone: Type.Optional(Nullable(Phone)),
      notes: Type.Optional(Notes),
    }),
    answers: 'empty',
    rejections: access,
  },
  deleteContact: {
    ...write,
    summary: 'Delete a contact',
    policy: 'manager',
    params: ofContact,
    answers: 'empty',
    rejections: access,
  },
  openIncident: {
    ...write,
    summary: 'Note down what is to be done about a tournament',
    policy: 'support',
    params: inOrganization,
    body: Closed({
      tournamentId,
      name: Name('title'),
      description: IncidentDescription,
      priority: IncidentPriority,
    }),
    answers: 'created',
    output: Closed({ incidentId: IdOf<IncidentId>() }),
    rejections: [...access, 'limit-reached'],
    scope: 'incidents:write',
  },
  listIncidents: {
    ...readBySupport,
    summary: 'Incidents, newest first',
    params: inOrganization,
    query: Closed({
      ...PageQuery,
      tournamentId: Type.Optional(tournamentId),
      status: Type.Optional(IncidentStatus),
    }),
    output: Page(incident),
    rejections: access,
  },
  getIncident: {
    ...readBySupport,
    summary: 'One incident',
    params: ofIncident,
    output: Closed(incident),
    rejections: access,
  },
  changeIncident: {
    ...write,
    summary: 'Change an incident; the first time that it is resolved or cancelled is kept',
    policy: 'support',
    params: ofIncident,
    body: Closed({
      name: Type.Optional(Name('title')),
      description: Type.Optional(IncidentDescription),
      status: Type.Optional(IncidentStatus),
      priority: Type.Optional(IncidentPriority),
    }),
    answers: 'empty',
    rejections: access,
    scope: 'incidents:write',
  },
  deleteIncident: {
    ...write,
    summary: 'Delete an incident with its comments',
    policy: 'support',
    params: ofIncident,
    answers: 'empty',
    rejections: access,
  },
  addComment: {
    ...write,
    summary: 'Comment on an incident',
    policy: 'support',
    params: ofIncident,
    body: Closed({ content: Comment }),
    answers: 'created',
    output: Closed({ commentId: IdOf<CommentId>() }),
    rejections: [...access, 'limit-reached'],
    scope: 'incidents:write',
  },
  listComments: {
    ...readBySupport,
    summary: 'Comments on an incident, newest first',
    params: ofIncident,
    query: Closed(PageQuery),
    output: Page({
      commentId: IdOf<CommentId>(),
      author: Author,
      content: Type.String(),
      createdAt: TimeSchema,
      changedAt: Nullable(TimeSchema),
      isOwn: Type.Boolean(),
    }),
    rejections: access,
  },
  changeComment: {
    ...write,
    summary: 'Change one’s own comment',
    policy: 'support',
    params: ofComment,
    body: Closed({ content: Comment }),
    answers: 'empty',
    rejections: [...access, 'not-author'],
  },
  deleteComment: {
    ...write,
    summary: 'Delete one’s own comment',
    policy: 'support',
    params: ofComment,
    answers: 'empty',
    rejections: [...access, 'not-author'],
  },
  listChanges: {
    ...readBySupport,
    summary: 'Who changed what, newest first',
    params: inOrganization,
    query: changeFilter,
    output: Page(change),
    rejections: access,
  },
  getChange: {
    ...readBySupport,
    summary: 'One change',
    params: Closed({ organizationId, changeId: IdOf<ChangeId>() }),
    output: Closed(change),
    rejections: access,
  },
  listAdminChanges: {
    summary: 'What administrators did, in all organisations, newest first',
    kind: 'query',
    policy: 'admin',
    query: changeFilter,
    answers: 'ok',
    output: Page({ ...change, organizationId: Nullable(organizationId) }),
    rejections: [],
  },
} as const
