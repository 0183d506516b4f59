import type { OperationName } from '@matchday/contracts'
import { type Exception, everywhere, type Meant, toldAll } from './words.ts'

/**
 * Who may what, as it is meant: the one table that every operation of every contract is held against, over HTTP and on
 * sockets. Written down by hand, from what people should be able to do; nothing here is taken from the contracts. Rows
 * are callers, columns what they ask for; what the words mean is in words.ts.
 */

/** Operations that name no scope take no key at all: there `key` is told what `bare-key` is. */
export const tables = {
  // --- what is everybody's, or belongs to nothing in particular
  anyone: `
                 | it
    key bare-key | no
    rest         | ok`,
  // Asked for at the computer itself, through a proxy, by another name of it, from a page of somebody else.
  local: `
                 | it  proxied  renamed  foreign
    key bare-key | no  no       no       no
    rest         | ok  no       no       no`,
  staff: `
                                                 | it   others  unknown
    anonymous                                    | who  who     who
    guest player organizer stranger key bare-key | no   no      no
    rest                                         | ok   none    none`,
  'player-account': `
              | it   others  unknown
    anonymous | who  who     who
    player    | ok   none    none
    rest      | no   no      no`,
  // --- the platform. `own`, `others` … are organisations; `it`: no one of them
  admin: `
                       | it   own  others  pending  blocked  gone  unknown
    anonymous          | who  who  who     who      who      who   who
    admin visitor root | ok   ok   ok      ok       ok       none  none
    rest               | no   no   no      no       no       no    no`,
  superadmin: `
              | it   admin  root  staff  unknown
    anonymous | who  who    who   who    who
    root      | ok   ok     ok    none   none
    rest      | no   no     no    no     no`,
  // Whose sessions they end, by an address: an administrator's, a superadministrator's, anybody else's, nobody's.
  'signs-out': `
                       | admin  root  staff  unknown
    anonymous          | who    who   who    who
    admin visitor root | ok     ok    ok     none
    rest               | no     no    no     no`,
  // --- organisations. `alien`: something of others' under the own organisation; `void`: something that never was
  support: `
                          | own   others  pending  blocked  gone  unknown  alien  void
    anonymous             | who   who     who      who      who   who      who    who
    support manager owner | ok    none    wait     shut     none  none     none   none
    outsider              | none  ok      none     none     none  none     none   none
    admin root            | look  look    look     look     none  none     look   look
    visitor               | ok    look    ok       ok       none  none     none   none
    key                   | ok    no      wait     shut     no    no       none   none
    rest                  | no    no      no       no       no    no       no     no`,
  manager: `
                  | own   others  pending  blocked  gone  unknown  alien  void
    anonymous     | who   who     who      who      who   who      who    who
    support       | no    none    wait     shut     none  none     no     no
    manager owner | ok    none    wait     shut     none  none     none   none
    outsider      | none  ok      none     none     none  none     none   none
    admin root    | look  look    look     look     none  none     look   look
    visitor       | ok    look    ok       ok       none  none     none   none
    rest          | no    no      no       no       no    no       no     no`,
  owner: `
                    | own   others  pending  blocked  gone  unknown  alien  void
    anonymous       | who   who     who      who      who   who      who    who
    support manager | no    none    wait     shut     none  none     no     no
    owner           | ok    none    wait     shut     none  none     none   none
    outsider        | none  ok      none     none     none  none     none   none
    admin root      | look  look    look     look     none  none     look   look
    visitor         | ok    look    ok       ok       none  none     none   none
    rest            | no    no      no       no       no    no       no     no`,
  // --- tournaments. `nobodys` belongs to no organisation; `archived` to the own one; `gone` to one that was deleted
  'anyone-sees': `
                                            | own  private  nobodys  others  secret  blocked  archived  gone  unknown
    anonymous organizer stranger admin root | ok   none     ok       ok      none    none     ok        none  none
    outsider                                | ok   none     ok       ok      ok      none     ok        none  none
    visitor                                 | ok   ok       ok       ok      none    ok       ok        none  none
    bare-key                                | no   no       no       no      no      no       no        no    no
    rest                                    | ok   ok       ok       ok      none    none     ok        none  none`,
  // Whoever has the address may come in, or ask to; nothing else is to be seen.
  'anyone-enters': `
                 | own  private  nobodys  others  secret  blocked  archived  gone  unknown
    key bare-key | no   no       no       no      no      no       no        no    no
    rest         | ok   ok       ok       ok      ok      none     ok        none  none`,
  // For the organisation in the body, if any.
  creates: `
                      | nobodys  own   others  pending  blocked  gone  unknown
    support           | ok       no    none    wait     shut     none  none
    manager owner key | ok       ok    none    wait     shut     none  none
    outsider          | ok       none  ok      none     none     none  none
    admin root        | ok       look  look    look     look     none  none
    visitor           | ok       ok    look    ok       ok       none  none
    bare-key          | no       no    no      no       no       no    no
    rest              | ok       no    no      no       no       no    no`,
  // Into the organisation in the body, with the right token of a tournament, and (`mistaken`) that of another one.
  claims: `
                  | own   others  pending  blocked  gone  unknown  mistaken
    anonymous     | who   who     who      who      who   who      who
    support       | no    none    wait     shut     none  none     no
    manager owner | ok    none    wait     shut     none  none     no
    outsider      | none  ok      none     none     none  none     no
    admin root    | look  look    look     look     none  none     no
    visitor       | ok    look    ok       ok       none  none     no
    rest          | no    no      no       no       no    no       no`,
  // What the organiser's token of an organisation's tournament was good for before that was claimed.
  organizer: `
                      | own   private  nobodys  others  secret  blocked  archived  gone  unknown
    anonymous         | who   who      who      who     who     who      who       who   who
    organizer         | no    none     ok       no      no      none     no        none  no
    support           | no    no       no       no      none    shut     no        none  none
    manager owner key | ok    ok       no       no      none    shut     ok        none  none
    outsider          | no    none     no       ok      ok      none     no        none  none
    admin root        | look  look     no       look    look    look     look      none  none
    visitor           | ok    ok       no       look    look    ok       ok        none  none
    rest              | no    no       no       no      no      no       no        no    no`,
  // The seat of the guest in each of them; `next`: that of another one in the own tournament.
  self: `
              | own  private  nobodys  next  others  secret  blocked  archived  gone  unknown
    anonymous | who  who      who      who   who     who     who      who       who   who
    guest     | ok   ok       ok       no    no      no      none     ok        none  no
    rest      | no   no       no       no    no      no      no       no        no    no`,
  'organizer-or-self': `
                             | own   private  nobodys  next  others  secret  blocked  archived  gone  unknown
    anonymous                | who   who      who      who   who     who     who      who       who   who
    guest                    | ok    ok       ok       no    no      no      ok       ok        ok    no
    player stranger bare-key | no    no       no       no    no      no      no       no        no    no
    organizer                | no    none     ok       no    no      no      none     no        none  no
    support                  | no    no       no       no    no      none    shut     no        none  none
    manager owner key        | ok    ok       no       ok    no      none    shut     ok        none  none
    outsider                 | no    none     no       no    ok      ok      none     no        none  none
    admin root               | look  look     no       look  look    look    look     look      none  none
    visitor                  | ok    ok       no       ok    look    look    ok       ok        none  none`,
  // What somebody with an account has to do with a tournament; he has a seat in the own one. With the pass of a seat in
  // it, where that is asked for; `mistaken`, and in private ones: with that of another one.
  'player-in': `
              | own  others  secret  blocked  gone  unknown  mistaken
    anonymous | who  who     who     who      who   who      who
    player    | ok   ok      none    none     none  none     ok
    rest      | no   no      no      no       no    no       no`,
  // --- sockets
  // With his token, or none; and with what is no token.
  connect: `
         | it  garbage
    rest | ok  out`,
  // As over HTTP; but what everybody hears, keys without the scope hear too.
  subscribe: `
                                                     | own  private  nobodys  others  secret  blocked  archived  gone  unknown
    anonymous organizer stranger admin root bare-key | ok   none     ok       ok      none    none     ok        none  none
    outsider                                         | ok   none     ok       ok      ok      none     ok        none  none
    visitor                                          | ok   ok       ok       ok      none    ok       ok        none  none
    rest                                             | ok   ok       ok       ok      none    none     ok        none  none`,
  // A highlight, which only a player of the tournament can give.
  publish: `
          | own  private  nobodys  others  secret  unknown
    guest | ok   ok       ok       no      no      no
    rest  | no   no       no       no      no      no`,
  // With his own token once more; with somebody else's.
  refresh: `
              | it   others  garbage
    anonymous | out  out     out
    rest      | ok   out     out`,
} as const

const onlyIt = { columns: ['it'] } as const
const ofOrganizations = { columns: ['own', 'others', 'pending', 'blocked', 'gone', 'unknown'] } as const
/** Nobody manages his like. */
const ofAdministrators = {
  columns: ['admin', 'root', 'staff', 'unknown'],
  exceptions: [['root', 'root', 'not-junior']],
} as const
const likesAndSeniors: readonly Exception[] = [
  ['admin', 'admin', 'not-junior'],
  ['admin', 'root', 'not-junior'],
  ['visitor', 'admin', 'not-junior'],
  ['visitor', 'root', 'not-junior'],
  ['root', 'root', 'not-junior'],
]
const inArchive = toldAll('archived', 'tournament-archived')
/** Before it can be found out whether a link is good, everybody may try. */
const badLink = toldAll('it', 'link-expired')

function hasSeat(column: string): Exception {
  return ['player', column, 'player-exists']
}
const notTheAuthor: readonly Exception[] = [
  ['manager', 'own', 'not-author'],
  ['owner', 'own', 'not-author'],
  ['visitor', 'own', 'not-author'],
  ['visitor', 'blocked', 'not-author'],
]

const entrances = {
  getSignIn: { policy: 'anyone' },
  signUp: { policy: 'anyone' },
  confirmEmail: { policy: 'anyone', exceptions: [badLink] },
  signIn: { policy: 'anyone' },
  renewSession: { policy: 'anyone' },
  startOidc: { policy: 'anyone', exceptions: [toldAll('it', 'not-found')] },
  finishOidc: { policy: 'anyone', exceptions: [toldAll('it', 'not-found')] },
  requestReset: { policy: 'anyone' },
  resetPassword: { policy: 'anyone', exceptions: [badLink] },
  getKeys: { policy: 'anyone' },
} as const satisfies Record<string, Meant>

/** Every message of the live protocol that is about somebody's rights. */
export const meantOnSockets = {
  connect: { policy: 'anyone', table: 'connect' },
  subscribe: {
    policy: 'anyone',
    table: 'subscribe',
    // With the pass of what is not there one does not even come in.
    exceptions: [
      ['guest', 'blocked', 'not-a-player'],
      ['guest', 'gone', 'not-a-player'],
    ],
  },
  publish: { policy: 'self', table: 'publish' },
  refresh: { policy: 'anyone', table: 'refresh' },
} as const satisfies Record<string, Meant>

/** Every operation of every contract. What is missing here is served to nobody. */
export const meant: Readonly<Record<OperationName, Meant>> = {
  // tournaments
  createTournament: { policy: 'anyone', table: 'creates' },
  getTournament: { policy: 'anyone', table: 'anyone-sees' },
  renameTournament: { policy: 'organizer', exceptions: [inArchive] },
  archiveTournament: { policy: 'organizer' },
  findByJoinCode: {
    policy: 'anyone',
    table: 'anyone-enters',
    exceptions: [toldAll('archived', 'not-found')],
  },
  joinTournament: {
    policy: 'anyone',
    table: 'anyone-enters',
    // He has his seat.
    exceptions: [inArchive, ...(['own', 'private', 'nobodys'] as const).map(hasSeat)],
  },
  getSeat: { policy: 'self' },
  movePass: { policy: 'self' },
  removePlayer: {
    policy: 'organizer-or-self',
    // With the organisation its tournaments went to the archive.
    exceptions: [inArchive, toldAll('gone', 'tournament-archived')],
  },
  listTeams: { policy: 'anyone', table: 'anyone-sees' },
  pickTeam: { policy: 'self', exceptions: [inArchive] },
  highlightTeam: { policy: 'self', exceptions: [inArchive] },
  setJoining: { policy: 'organizer', exceptions: [inArchive] },
  drawTeams: { policy: 'organizer', exceptions: [inArchive, ...everywhere('not-full')] },
  voidDraw: { policy: 'organizer', exceptions: [inArchive, ...everywhere('not-drawn')] },
  getDrawProof: { policy: 'anyone', table: 'anyone-sees', exceptions: everywhere('not-drawn') },
  listLog: { policy: 'anyone', table: 'anyone-sees' },
  changeDetails: { policy: 'organizer', exceptions: [inArchive] },
  claimTournament: { policy: 'staff', table: 'claims' },
  listPlayers: { policy: 'organizer' },
  anonymizePlayer: { policy: 'organizer-or-self' },
  listEntryRequests: { policy: 'organizer' },
  decideEntryRequest: { policy: 'organizer', columns: ['private', 'secret', 'unknown'] },
  searchTournaments: { policy: 'anyone' },
  listOrganizationTournaments: { policy: 'support', ...ofOrganizations },
  linkSeat: {
    policy: 'player-account',
    table: 'player-in',
    exceptions: [
      ['player', 'own', 'player-exists'],
      ['player', 'mistaken', 'not-a-player'],
    ],
  },
  listMySeats: { policy: 'player-account', ...onlyIt },
  openSeat: {
    policy: 'player-account',
    table: 'player-in',
    columns: ['own', 'others', 'secret', 'blocked', 'gone', 'unknown'],
    exceptions: [['player', 'others', 'not-a-player']],
  },

  // accounts of organisers' people
  getStaffSignIn: entrances.getSignIn,
  signUpStaff: entrances.signUp,
  confirmStaffEmail: entrances.confirmEmail,
  signInStaff: entrances.signIn,
  renewStaffSession: entrances.renewSession,
  startStaffOidc: entrances.startOidc,
  finishStaffOidc: entrances.finishOidc,
  requestStaffReset: entrances.requestReset,
  resetStaffPassword: entrances.resetPassword,
  getStaffKeys: entrances.getKeys,
  listStaffMails: { policy: 'local' },
  signOutStaffAccount: { policy: 'admin', table: 'signs-out', exceptions: likesAndSeniors },
  listStaffSignOuts: { policy: 'admin', ...onlyIt },
  signOutStaff: { policy: 'staff', ...onlyIt },
  changeStaffPassword: { policy: 'staff', ...onlyIt },
  // With the wrong password: what happens with the right one is in erasing.test.ts.
  deleteStaffAccount: { policy: 'staff', ...onlyIt, exceptions: [toldAll('it', 'wrong-password')] },
  listStaffSessions: { policy: 'staff', ...onlyIt },
  endStaffSession: { policy: 'staff' },
  getStaffProfile: { policy: 'staff', ...onlyIt },
  changeStaffProfile: { policy: 'staff', ...onlyIt },
  listAdministrators: { policy: 'admin', ...onlyIt },
  addAdministrator: { policy: 'superadmin', ...onlyIt },
  changeAdministrator: { policy: 'superadmin', ...ofAdministrators },
  removeAdministrator: { policy: 'superadmin', ...ofAdministrators },
  listAdministratorChanges: { policy: 'admin', ...onlyIt },
  createApiKey: { policy: 'owner', ...ofOrganizations },
  listApiKeys: { policy: 'owner', ...ofOrganizations },
  revokeApiKey: { policy: 'owner' },

  // accounts of players
  getPlayerSignIn: entrances.getSignIn,
  signUpPlayer: entrances.signUp,
  confirmPlayerEmail: entrances.confirmEmail,
  signInPlayer: entrances.signIn,
  renewPlayerSession: entrances.renewSession,
  startPlayerOidc: entrances.startOidc,
  finishPlayerOidc: entrances.finishOidc,
  requestPlayerReset: entrances.requestReset,
  resetPlayerPassword: entrances.resetPassword,
  getPlayerKeys: entrances.getKeys,
  listPlayerMails: { policy: 'local' },
  signOutPlayerAccount: { policy: 'admin', columns: ['it', 'unknown'] },
  listPlayerSignOuts: { policy: 'admin', ...onlyIt },
  signOutPlayer: { policy: 'player-account', ...onlyIt },
  changePlayerPassword: { policy: 'player-account', ...onlyIt },
  deletePlayerAccount: { policy: 'player-account', ...onlyIt, exceptions: [toldAll('it', 'wrong-password')] },
  listPlayerSessions: { policy: 'player-account', ...onlyIt },
  endPlayerSession: { policy: 'player-account' },
  getPlayerProfile: { policy: 'player-account', ...onlyIt },
  changePlayerProfile: { policy: 'player-account', ...onlyIt },
  exportPlayerData: { policy: 'player-account', ...onlyIt },

  // organisations
  registerOrganization: { policy: 'staff', ...onlyIt },
  listMyOrganizations: { policy: 'staff', ...onlyIt },
  // Whoever belongs to it may look at what waits.
  getOrganization: {
    policy: 'support',
    ...ofOrganizations,
    exceptions: [
      ['support', 'pending', 'ok'],
      ['manager', 'pending', 'ok'],
      ['owner', 'pending', 'ok'],
    ],
  },
  changeOrganization: { policy: 'owner', ...ofOrganizations },
  // With the wrong name: access comes first. And its owner may delete what waits.
  deleteOrganization: {
    policy: 'owner',
    ...ofOrganizations,
    exceptions: [
      ...everywhere('confirmation-mismatch'),
      ['owner', 'pending', 'confirmation-mismatch'],
      ['manager', 'pending', 'not-allowed'],
      ['support', 'pending', 'not-allowed'],
    ],
  },
  listMembers: { policy: 'support', ...ofOrganizations },
  changeMember: { policy: 'manager' },
  // Everybody may leave; people of his own role nobody removes.
  removeMember: { policy: 'support', exceptions: [['support', 'own', 'not-junior']] },
  createInvitation: { policy: 'manager', ...ofOrganizations },
  listInvitations: { policy: 'manager', ...ofOrganizations },
  revokeInvitation: { policy: 'manager' },
  lookAtInvitation: { policy: 'anyone' },
  acceptInvitation: { policy: 'staff', ...onlyIt, exceptions: [['outsider', 'it', 'already-member']] },
  listOrganizations: { policy: 'admin', ...onlyIt },
  inspectOrganization: { policy: 'admin', ...ofOrganizations },
  approveOrganization: { policy: 'admin', ...ofOrganizations },
  getPreview: { policy: 'admin', ...onlyIt },
  enterPreview: { policy: 'admin', ...ofOrganizations },
  leavePreview: { policy: 'admin', ...onlyIt },
  listAdminChanges: { policy: 'admin', ...onlyIt },
  // Alien and void are the tournaments.
  createContact: { policy: 'manager' },
  listContacts: { policy: 'support', ...ofOrganizations },
  getContact: { policy: 'support' },
  changeContact: { policy: 'manager' },
  deleteContact: { policy: 'manager' },
  openIncident: { policy: 'support' },
  listIncidents: { policy: 'support', ...ofOrganizations },
  getIncident: { policy: 'support' },
  changeIncident: { policy: 'support' },
  deleteIncident: { policy: 'support' },
  addComment: { policy: 'support' },
  listComments: { policy: 'support' },
  // Support has written it.
  changeComment: { policy: 'support', exceptions: notTheAuthor },
  deleteComment: { policy: 'support', exceptions: notTheAuthor },
  listChanges: { policy: 'support', ...ofOrganizations },
  getChange: { policy: 'support' },
}
