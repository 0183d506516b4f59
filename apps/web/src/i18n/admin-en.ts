import { formatFor } from './format.ts'

const { count } = formatFor('en')

export const adminEn = {
  title: 'Administration',
  notYours: 'This is for administrators',
  notYoursAbout: 'Your account runs no platform. Your own organisations are in the office.',
  organizations: 'Organisations',
  administrators: 'Administrators',
  changes: 'Changes',
  show: 'Show',
  filters: { pending: 'Waiting for approval', approved: 'Approved', blocked: 'Blocked', all: 'All' },
  search: 'Part of the name',
  none: {
    pending: 'Nobody is waiting.',
    approved: 'None is approved yet.',
    blocked: 'None is blocked.',
    all: 'There is no organisation yet.',
  },
  noneFound: 'None is called that.',
  since: (when: string) => `Since ${when}`,
  members: (n: number) => count(n, { one: 'member', other: 'members' }),
  registered: 'Registered',
  people: 'People',
  owners: 'Owners',
  decision: 'Decision',
  means: {
    pending: 'It waits. Its people can do nothing in it, and nobody sees its tournaments.',
    approved: 'It is approved: its people plan tournaments, and public ones can be found.',
    blocked: 'It is blocked: its people can do nothing in it, and nobody sees its tournaments.',
  },
  approve: 'Approve',
  unblock: 'Approve again',
  block: 'Block',
  blockAsk: (name: string) => `Block ${name}?`,
  blockAbout:
    'Everybody who belongs to it is signed out at once, and its tournaments disappear from the search. Nothing is deleted; you can approve it again.',
  preview: 'Look into it',
  previewAbout:
    'You see and change it as its owner would, for eight hours at most. What you do is noted in its changes, with your name.',
  enter: 'Enter preview',
  goIn: 'Go there',
  administratorsAbout: 'They approve organisations, and may look into them.',
  add: 'Add administrator',
  addAbout: 'Whoever has no account yet gets a link by mail, to choose a password.',
  removeAsk: (name: string) => `Remove ${name}`,
  removeAbout: 'The account is deleted, and signed out everywhere at once.',
  accounts: 'Accounts',
  accountsAbout: 'Somebody has lost a phone, or somebody else got into an account? Sign it out everywhere.',
  realms: { staff: 'Organisers', players: 'Players' },
  noSignOut: 'Nobody was signed out yet.',
  signedOut: (whom: string | null) => `signed out ${whom ?? 'an account that is gone'}`,
  signOut: 'Sign somebody out',
  signOutAbout:
    'All devices of the account are signed out at once. Its password stays: whoever knows it can sign in again, until a new one is set by the link “Forgot your password?”. Seats in tournaments and keys of organisations stay, too.',
  whose: 'Whose account',
  signOutNow: 'Sign out everywhere',
  noAccount: {
    staff: 'No organiser has an account with this address.',
    players: 'No player has an account with this address.',
  },
  changesAbout: 'What administrators did, in all organisations.',
  inOrganizations: 'In organisations',
  ofAccounts: 'Accounts of administrators',
  toOrganization: 'To the organisation',
  byItself: 'Matchday',
  done: {
    added: (name: string) => `made ${name} an administrator`,
    changed: (name: string) => `changed the account of ${name}`,
    removed: (name: string) => `removed ${name}`,
  },
  outbox: 'Outbox',
  outboxAbout: 'No mail server is set up, so mails stay here. Only this computer sees them.',
  outboxClosed: 'Nothing to see here',
  outboxClosedAbout:
    'This page shows mails only on the computer that Matchday runs on, and only while it sends none.',
  noMail: 'No mail yet.',
  toStaff: 'To organisers',
  toPlayers: 'To players',
}

export type AdminCatalogue = typeof adminEn
