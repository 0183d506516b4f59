import type { OperationName, Policy } from '@matchday/contracts'

/**
 * Who may what, as it is meant: the one table that every operation of every contract is held against, over HTTP and on
 * sockets. Written down by hand, from what people should be able to do; nothing here is taken from the contracts.
 *
 * Rows are callers, columns what they ask for. In a cell stands what they are told:
 */
export const words = {
  /** He is let in. What he is told then is in `told` of his operation: a success, unless it says otherwise. */
  ok: 'ok',
  /** Nobody in particular, where somebody is needed. */
  who: 'not-authenticated',
  no: 'not-allowed',
  /** Others' and what never was are alike. */
  none: 'not-found',
  look: 'preview-needed',
  wait: 'not-approved',
  shut: 'organization-blocked',
  /** The socket is closed. */
  out: 'invalid token',
} as const
export type Word = keyof typeof words

/**
 * guest: has a pass of the tournament in question, or of `own` where that is others' · player: has an account, and a seat
 * in `own` and others · organizer: the organiser's token of the tournament in question, or of `own` where that is others' ·
 * stranger: the organiser's token of another tournament · support, manager, owner: of `own`, `pending` and `blocked` ·
 * outsider: the owner of `others` · admin, root: administrator and superadministrator, who look into nothing · visitor: an
 * administrator who looks into the very organisation in question · key: of the organisation in question, with all scopes ·
 * bare-key: the same with all scopes but the one that is needed
 */
export const callers = [
  'anonymous',
  'guest',
  'player',
  'organizer',
  'stranger',
  'support',
  'manager',
  'owner',
  'outsider',
  'admin',
  'visitor',
  'root',
  'key',
  'bare-key',
] as const
export type CallerName = (typeof callers)[number]

/** Operations that name no scope take no key at all: there `key` is told what `bare-key` is. */
const tables = {
  // --- what is everybody's, or belongs to nothing in particular
  anyone: `
              it
    anonymous ok
    guest     ok
    player    ok
    organizer ok
    stranger  ok
    support   ok
    manager   ok
    owner     ok
    outsider  ok
    admin     ok
    visitor   ok
    root      ok
    key       no
    bare-key  no`,
  // Asked for at the computer itself, through a proxy, by another name of it, from a page of somebody else.
  local: `
              it   proxied  renamed  foreign
    anonymous ok   no       no       no
    guest     ok   no       no       no
    player    ok   no       no       no
    organizer ok   no       no       no
    stranger  ok   no       no       no
    support   ok   no       no       no
    manager   ok   no       no       no
    owner     ok   no       no       no
    outsider  ok   no       no       no
    admin     ok   no       no       no
    visitor   ok   no       no       no
    root      ok   no       no       no
    key       no   no       no       no
    bare-key  no   no       no       no`,
  staff: `
              it   others  unknown
    anonymous who  who     who
    guest     no   no      no
    player    no   no      no
    organizer no   no      no
    stranger  no   no      no
    support   ok   none    none
    manager   ok   none    none
    owner     ok   none    none
    outsider  ok   none    none
    admin     ok   none    none
    visitor   ok   none    none
    root      ok   none    none
    key       no   no      no
    bare-key  no   no      no`,
  'player-account': `
              it   others  unknown
    anonymous who  who     who
    guest     no   no      no
    player    ok   none    none
    organizer no   no      no
    stranger  no   no      no
    support   no   no      no
    manager   no   no      no
    owner     no   no      no
    outsider  no   no      no
    admin     no   no      no
    visitor   no   no      no
    root      no   no      no
    key       no   no      no
    bare-key  no   no      no`,
  // --- the platform. `own`, `others` … are organisations; `it`: no one of them
  admin: `
              it   own  others  pending  blocked  gone  unknown
    anonymous who  who  who     who      who      who   who
    guest     no   no   no      no       no       no    no
    player    no   no   no      no       no       no    no
    organizer no   no   no      no       no       no    no
    stranger  no   no   no      no       no       no    no
    support   no   no   no      no       no       no    no
    manager   no   no   no      no       no       no    no
    owner     no   no   no      no       no       no    no
    outsider  no   no   no      no       no       no    no
    admin     ok   ok   ok      ok       ok       none  none
    visitor   ok   ok   ok      ok       ok       none  none
    root      ok   ok   ok      ok       ok       none  none
    key       no   no   no      no       no       no    no
    bare-key  no   no   no      no       no       no    no`,
  superadmin: `
              it   admin  root  staff  unknown
    anonymous who  who    who   who    who
    guest     no   no     no    no     no
    player    no   no     no    no     no
    organizer no   no     no    no     no
    stranger  no   no     no    no     no
    support   no   no     no    no     no
    manager   no   no     no    no     no
    owner     no   no     no    no     no
    outsider  no   no     no    no     no
    admin     no   no     no    no     no
    visitor   no   no     no    no     no
    root      ok   ok     ok    none   none
    key       no   no     no    no     no
    bare-key  no   no     no    no     no`,
  // --- organisations. `alien`: something of others' under the own organisation; `void`: something that never was
  support: `
              own   others  pending  blocked  gone  unknown  alien  void
    anonymous who   who     who      who      who   who      who    who
    guest     no    no      no       no       no    no       no     no
    player    no    no      no       no       no    no       no     no
    organizer no    no      no       no       no    no       no     no
    stranger  no    no      no       no       no    no       no     no
    support   ok    none    wait     shut     none  none     none   none
    manager   ok    none    wait     shut     none  none     none   none
    owner     ok    none    wait     shut     none  none     none   none
    outsider  none  ok      none     none     none  none     none   none
    admin     look  look    look     look     none  none     look   look
    visitor   ok    look    ok       ok       none  none     none   none
    root      look  look    look     look     none  none     look   look
    key       ok    no      wait     shut     no    no       none   none
    bare-key  no    no      no       no       no    no       no     no`,
  manager: `
              own   others  pending  blocked  gone  unknown  alien  void
    anonymous who   who     who      who      who   who      who    who
    guest     no    no      no       no       no    no       no     no
    player    no    no      no       no       no    no       no     no
    organizer no    no      no       no       no    no       no     no
    stranger  no    no      no       no       no    no       no     no
    support   no    none    wait     shut     none  none     no     no
    manager   ok    none    wait     shut     none  none     none   none
    owner     ok    none    wait     shut     none  none     none   none
    outsider  none  ok      none     none     none  none     none   none
    admin     look  look    look     look     none  none     look   look
    visitor   ok    look    ok       ok       none  none     none   none
    root      look  look    look     look     none  none     look   look
    key       no    no      no       no       no    no       no     no
    bare-key  no    no      no       no       no    no       no     no`,
  owner: `
              own   others  pending  blocked  gone  unknown  alien  void
    anonymous who   who     who      who      who   who      who    who
    guest     no    no      no       no       no    no       no     no
    player    no    no      no       no       no    no       no     no
    organizer no    no      no       no       no    no       no     no
    stranger  no    no      no       no       no    no       no     no
    support   no    none    wait     shut     none  none     no     no
    manager   no    none    wait     shut     none  none     no     no
    owner     ok    none    wait     shut     none  none     none   none
    outsider  none  ok      none     none     none  none     none   none
    admin     look  look    look     look     none  none     look   look
    visitor   ok    look    ok       ok       none  none     none   none
    root      look  look    look     look     none  none     look   look
    key       no    no      no       no       no    no       no     no
    bare-key  no    no      no       no       no    no       no     no`,
  // --- tournaments. `nobodys` belongs to no organisation; `archived` to the own one; `gone` to one that was deleted
  'anyone-sees': `
              own  own-private  nobodys  others  others-private  blocked  archived  gone  unknown
    anonymous ok   none         ok       ok      none            none     ok        none  none
    guest     ok   ok           ok       ok      none            none     ok        none  none
    player    ok   ok           ok       ok      none            none     ok        none  none
    organizer ok   ok           ok       ok      none            none     ok        none  none
    stranger  ok   none         ok       ok      none            none     ok        none  none
    support   ok   ok           ok       ok      none            none     ok        none  none
    manager   ok   ok           ok       ok      none            none     ok        none  none
    owner     ok   ok           ok       ok      none            none     ok        none  none
    outsider  ok   none         ok       ok      ok              none     ok        none  none
    admin     ok   none         ok       ok      none            none     ok        none  none
    visitor   ok   ok           ok       ok      none            ok       ok        none  none
    root      ok   none         ok       ok      none            none     ok        none  none
    key       ok   ok           ok       ok      none            none     ok        none  none
    bare-key  no   no           no       no      no              no       no        no    no`,
  // Whoever has the address may come in, or ask to; nothing else is to be seen.
  'anyone-enters': `
              own  own-private  nobodys  others  others-private  blocked  archived  gone  unknown
    anonymous ok   ok           ok       ok      ok              none     ok        none  none
    guest     ok   ok           ok       ok      ok              none     ok        none  none
    player    ok   ok           ok       ok      ok              none     ok        none  none
    organizer ok   ok           ok       ok      ok              none     ok        none  none
    stranger  ok   ok           ok       ok      ok              none     ok        none  none
    support   ok   ok           ok       ok      ok              none     ok        none  none
    manager   ok   ok           ok       ok      ok              none     ok        none  none
    owner     ok   ok           ok       ok      ok              none     ok        none  none
    outsider  ok   ok           ok       ok      ok              none     ok        none  none
    admin     ok   ok           ok       ok      ok              none     ok        none  none
    visitor   ok   ok           ok       ok      ok              none     ok        none  none
    root      ok   ok           ok       ok      ok              none     ok        none  none
    key       no   no           no       no      no              no       no        no    no
    bare-key  no   no           no       no      no              no       no        no    no`,
  // For the organisation in the body, if any.
  creates: `
              nobodys  own   others  pending  blocked  gone  unknown
    anonymous ok       no    no      no       no       no    no
    guest     ok       no    no      no       no       no    no
    player    ok       no    no      no       no       no    no
    organizer ok       no    no      no       no       no    no
    stranger  ok       no    no      no       no       no    no
    support   ok       no    none    wait     shut     none  none
    manager   ok       ok    none    wait     shut     none  none
    owner     ok       ok    none    wait     shut     none  none
    outsider  ok       none  ok      none     none     none  none
    admin     ok       look  look    look     look     none  none
    visitor   ok       ok    look    ok       ok       none  none
    root      ok       look  look    look     look     none  none
    key       ok       ok    none    wait     shut     none  none
    bare-key  no       no    no      no       no       no    no`,
  // Into the organisation in the body, with the right token of a tournament, and (`mistaken`) that of another one.
  claims: `
              own   others  pending  blocked  gone  unknown  mistaken
    anonymous who   who     who      who      who   who      who
    guest     no    no      no       no       no    no       no
    player    no    no      no       no       no    no       no
    organizer no    no      no       no       no    no       no
    stranger  no    no      no       no       no    no       no
    support   no    none    wait     shut     none  none     no
    manager   ok    none    wait     shut     none  none     no
    owner     ok    none    wait     shut     none  none     no
    outsider  none  ok      none     none     none  none     no
    admin     look  look    look     look     none  none     no
    visitor   ok    look    ok       ok       none  none     no
    root      look  look    look     look     none  none     no
    key       no    no      no       no       no    no       no
    bare-key  no    no      no       no       no    no       no`,
  organizer: `
              own   own-private  nobodys  others  others-private  blocked  archived  gone  unknown
    anonymous who   who          who      who     who             who      who       who   who
    guest     no    no           no       no      no              no       no        no    no
    player    no    no           no       no      no              no       no        no    no
    organizer ok    ok           ok       no      no              none     ok        none  no
    stranger  no    no           no       no      no              no       no        no    no
    support   no    no           no       no      none            shut     no        none  none
    manager   ok    ok           no       no      none            shut     ok        none  none
    owner     ok    ok           no       no      none            shut     ok        none  none
    outsider  no    none         no       ok      ok              none     no        none  none
    admin     look  look         no       look    look            look     look      none  none
    visitor   ok    ok           no       look    look            ok       ok        none  none
    root      look  look         no       look    look            look     look      none  none
    key       ok    ok           no       no      none            shut     ok        none  none
    bare-key  no    no           no       no      no              no       no        no    no`,
  // The seat of the guest in each of them; `neighbours`: that of another one in the own tournament.
  self: `
              own  own-private  nobodys  neighbours  others  others-private  blocked  archived  gone  unknown
    anonymous who  who          who      who         who     who             who      who       who   who
    guest     ok   ok           ok       no          no      no              none     ok        none  no
    player    no   no           no       no          no      no              no       no        no    no
    organizer no   no           no       no          no      no              no       no        no    no
    stranger  no   no           no       no          no      no              no       no        no    no
    support   no   no           no       no          no      no              no       no        no    no
    manager   no   no           no       no          no      no              no       no        no    no
    owner     no   no           no       no          no      no              no       no        no    no
    outsider  no   no           no       no          no      no              no       no        no    no
    admin     no   no           no       no          no      no              no       no        no    no
    visitor   no   no           no       no          no      no              no       no        no    no
    root      no   no           no       no          no      no              no       no        no    no
    key       no   no           no       no          no      no              no       no        no    no
    bare-key  no   no           no       no          no      no              no       no        no    no`,
  'organizer-or-self': `
              own   own-private  nobodys  neighbours  others  others-private  blocked  archived  gone  unknown
    anonymous who   who          who      who         who     who             who      who       who   who
    guest     ok    ok           ok       no          no      no              ok       ok        ok    no
    player    no    no           no       no          no      no              no       no        no    no
    organizer ok    ok           ok       ok          no      no              none     ok        none  no
    stranger  no    no           no       no          no      no              no       no        no    no
    support   no    no           no       no          no      none            shut     no        none  none
    manager   ok    ok           no       ok          no      none            shut     ok        none  none
    owner     ok    ok           no       ok          no      none            shut     ok        none  none
    outsider  no    none         no       no          ok      ok              none     no        none  none
    admin     look  look         no       look        look    look            look     look      none  none
    visitor   ok    ok           no       ok          look    look            ok       ok        none  none
    root      look  look         no       look        look    look            look     look      none  none
    key       ok    ok           no       ok          no      none            shut     ok        none  none
    bare-key  no    no           no       no          no      no              no       no        no    no`,
  // What somebody with an account has to do with a tournament; he has a seat in the own one. With the pass of a seat in
  // it, where that is asked for; `mistaken`, and in private ones: with that of another one.
  'player-in': `
              own  others  others-private  blocked  gone  unknown  mistaken
    anonymous who  who     who             who      who   who      who
    guest     no   no      no              no       no    no       no
    player    ok   ok      none            none     none  none     ok
    organizer no   no      no              no       no    no       no
    stranger  no   no      no              no       no    no       no
    support   no   no      no              no       no    no       no
    manager   no   no      no              no       no    no       no
    owner     no   no      no              no       no    no       no
    outsider  no   no      no              no       no    no       no
    admin     no   no      no              no       no    no       no
    visitor   no   no      no              no       no    no       no
    root      no   no      no              no       no    no       no
    key       no   no      no              no       no    no       no
    bare-key  no   no      no              no       no    no       no`,
  // --- sockets
  // With his token, or none; and with what is no token.
  connect: `
              it   garbage
    anonymous ok   out
    guest     ok   out
    player    ok   out
    organizer ok   out
    stranger  ok   out
    support   ok   out
    manager   ok   out
    owner     ok   out
    outsider  ok   out
    admin     ok   out
    visitor   ok   out
    root      ok   out
    key       ok   out
    bare-key  ok   out`,
  // As over HTTP; but what everybody hears, keys without the scope hear too.
  subscribe: `
              own  own-private  nobodys  others  others-private  blocked  archived  gone  unknown
    anonymous ok   none         ok       ok      none            none     ok        none  none
    guest     ok   ok           ok       ok      none            none     ok        none  none
    player    ok   ok           ok       ok      none            none     ok        none  none
    organizer ok   ok           ok       ok      none            none     ok        none  none
    stranger  ok   none         ok       ok      none            none     ok        none  none
    support   ok   ok           ok       ok      none            none     ok        none  none
    manager   ok   ok           ok       ok      none            none     ok        none  none
    owner     ok   ok           ok       ok      none            none     ok        none  none
    outsider  ok   none         ok       ok      ok              none     ok        none  none
    admin     ok   none         ok       ok      none            none     ok        none  none
    visitor   ok   ok           ok       ok      none            ok       ok        none  none
    root      ok   none         ok       ok      none            none     ok        none  none
    key       ok   ok           ok       ok      none            none     ok        none  none
    bare-key  ok   none         ok       ok      none            none     ok        none  none`,
  // A highlight, which only a player of the tournament can give.
  publish: `
              own  own-private  nobodys  others  others-private  unknown
    anonymous no   no           no       no      no              no
    guest     ok   ok           ok       no      no              no
    player    no   no           no       no      no              no
    organizer no   no           no       no      no              no
    stranger  no   no           no       no      no              no
    support   no   no           no       no      no              no
    manager   no   no           no       no      no              no
    owner     no   no           no       no      no              no
    outsider  no   no           no       no      no              no
    admin     no   no           no       no      no              no
    visitor   no   no           no       no      no              no
    root      no   no           no       no      no              no
    key       no   no           no       no      no              no
    bare-key  no   no           no       no      no              no`,
  // With his own token once more; with somebody else's.
  refresh: `
              it   others  garbage
    anonymous out  out     out
    guest     ok   out     out
    player    ok   out     out
    organizer ok   out     out
    stranger  ok   out     out
    support   ok   out     out
    manager   ok   out     out
    owner     ok   out     out
    outsider  ok   out     out
    admin     ok   out     out
    visitor   ok   out     out
    root      ok   out     out
    key       ok   out     out
    bare-key  ok   out     out`,
} as const
export type TableName = keyof typeof tables

/** Cells of one operation that differ from its table's: who, what he asks for, what he is told. */
export type Exception = readonly [caller: CallerName | 'everybody-let-in', column: string, code: string]

/** What is meant for one operation. */
export type Meant = {
  /** Its contract must name this very policy. */
  readonly policy: Policy
  /** Left out: the table of its policy. */
  readonly table?: TableName
  /** Of the table's columns, those that make sense; left out: all of them. */
  readonly columns?: readonly string[]
  readonly exceptions?: readonly Exception[]
}

const onlyIt = { columns: ['it'] } as const
const ofOrganizations = { columns: ['own', 'others', 'pending', 'blocked', 'gone', 'unknown'] } as const
/** Nobody manages his like. */
const ofAdministrators = {
  columns: ['admin', 'root', 'staff', 'unknown'],
  exceptions: [['root', 'root', 'not-junior']],
} as const
const toldAll = (column: string, code: string): Exception => ['everybody-let-in', column, code]
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
    exceptions: [inArchive, ...(['own', 'own-private', 'nobodys'] as const).map(hasSeat)],
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
  decideEntryRequest: { policy: 'organizer', columns: ['own-private', 'others-private', 'unknown'] },
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
    columns: ['own', 'others', 'others-private', 'blocked', 'gone', 'unknown'],
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

/** Whoever is let in meets the same rule of the thing itself, whatever he asks for. */
function everywhere(code: string): readonly Exception[] {
  const columns = ['own', 'own-private', 'nobodys', 'others', 'others-private', 'pending', 'blocked']
  return [...columns, 'archived'].map((column) => toldAll(column, code))
}

type Cells = ReadonlyMap<CallerName, ReadonlyMap<string, Word>>

/** A table as text: the first line names the columns, each other one a caller. */
export function cellsOf(text: string): Cells {
  const [head = [], ...rows] = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== '')
  return new Map(
    rows.map(([caller = '', ...found]) => {
      if (!isCaller(caller) || found.length !== head.length) throw new Error(`no row: ${caller} ${found}`)
      return [caller, new Map(found.map((word, index) => [head[index]!, checked(word)]))]
    }),
  )
}

function isCaller(name: string): name is CallerName {
  return callers.some((known) => known === name)
}

function checked(word: string): Word {
  if (!Object.hasOwn(words, word)) throw new Error(`no word of the table: ${word}`)
  // It is one, as was just seen.
  return word as Word
}

export function tableOf(name: TableName): Cells {
  return cellsOf(tables[name])
}

export type Expected = {
  readonly caller: CallerName
  readonly column: string
  /** Nothing about who he is stands against it; a rule of the thing itself may. */
  readonly isLetIn: boolean
  readonly code: string
}

/** All cells of an operation. `takesKeys`: its contract names a scope. */
export function expectedOf(
  { policy, table, columns, exceptions = [] }: Meant,
  takesKeys: boolean,
): readonly Expected[] {
  const cells = tableOf(table ?? tableOfPolicy(policy))
  return callers.flatMap((caller) => {
    const row = cells.get(caller === 'key' && !takesKeys ? 'bare-key' : caller)
    if (row === undefined) throw new Error(`${table ?? policy}: no row for ${caller}`)
    return [...row]
      .filter(([column]) => columns === undefined || columns.includes(column))
      .map(([column, word]) => {
        const told = (who: string) =>
          exceptions.find(([whose, what]) => whose === who && what === column)?.[2]
        const code = told(caller) ?? (word === 'ok' ? told('everybody-let-in') : undefined) ?? words[word]
        return { caller, column, isLetIn: word === 'ok', code }
      })
  })
}

function tableOfPolicy(policy: Policy): TableName {
  if (policy === 'player') throw new Error('no operation has this policy: write its table first')
  return policy
}
