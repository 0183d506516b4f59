/**
 * Every code that a caller can meet, with what it means. Codes are public API, texts are not. Their HTTP status is in
 * the gateway's one table; docs/errors.md lists them (a test keeps the three equal).
 */
export const rejectionCodes = {
  'invalid-input': 'Something in the request is not as the contract says; `fields` points at each place.',
  'not-found': 'There is no such thing, or it is not yours to know.',
  'not-allowed': 'This token does not allow that.',
  'not-a-player': 'This player is not, or is no longer, in the tournament.',
  'pass-moved': 'This seat was moved to another device; this pass is no longer good.',
  'name-taken': 'Another one has this name.',
  'stale-version': 'It has changed since the version that was named.',
  'joining-closed': 'The organiser has closed joining.',
  'player-exists': 'A player with this name is already in.',
  'tournament-full': 'All seats are taken.',
  'unknown-team': 'This team is not in the list.',
  'already-picked': 'The player has already picked another team.',
  'team-taken': 'Another player has picked this team.',
  'not-full': 'Seats are still free, and joining is still open or fewer than two players are in.',
  'not-all-picked': 'Somebody has not picked yet.',
  'draw-impossible': 'With these picks nobody-gets-his-own cannot be satisfied.',
  'already-drawn': 'The teams are drawn; this can only be done before the draw.',
  'not-drawn': 'There is no draw yet.',
  'tournament-archived': 'The tournament is archived and can only be read.',
  'waiting-for-approval': 'The organiser has not let this player in yet.',
  'already-decided': 'The request of this player was decided already.',
  'already-claimed': 'The tournament belongs to another organisation.',
  'seat-linked': 'This seat belongs to another account.',
  'wrong-credentials': 'E-mail address or password is wrong, or there is no such account.',
  'wrong-password': 'The password is wrong.',
  'session-ended': 'This session has ended; sign in again.',
  'link-expired': 'This link was used before, is too old, or never existed.',
  'sign-in-failed': 'The other service did not confirm who you are.',
  'registration-closed': 'Accounts are made by invitation here.',
  'not-approved': 'The organisation is not approved yet.',
  'organization-blocked': 'The organisation is blocked.',
  'preview-needed': 'Administrators look into an organisation only in its preview.',
  'not-junior': 'Only people of a role junior to your own can be managed, and only such roles given.',
  'not-author': 'Only who wrote it may change it.',
  'already-member': 'This account is a member already.',
  'last-owner': 'An organisation needs an owner: delete it first, or have another owner made.',
  'confirmation-mismatch': 'What was typed is not the name of what would be deleted.',
  'limit-reached': 'There are as many of these as there may be.',
  'too-many-requests': 'Slow down; see Retry-After.',
} as const
export type RejectionCode = keyof typeof rejectionCodes

/** What the edge and the machinery say themselves, for any operation. */
export const faultCodes = {
  'unreadable-request': 'The body or the request line could not be read.',
  'not-authenticated': 'A token is needed, or the one given is not good.',
  'unknown-route': 'There is nothing at this address.',
  'method-not-allowed': 'This address does not take this method.',
  'request-too-slow': 'The request did not arrive in time.',
  'payload-too-large': 'The body is larger than allowed.',
  'unsupported-media-type': 'The body must be application/json.',
  'request-id-reused': 'This request id was used before with other content.',
  'version-required': 'This change needs the version that you saw (If-Match).',
  'cross-origin': 'A change with a session of a browser must come from a page of Matchday itself.',
  'insecure-connection': 'Accounts need an encrypted connection (https).',
  overloaded: 'Too much is waiting already; see Retry-After. Nothing was done.',
  unavailable:
    'A part of the system is not reachable. It is not known whether it was done: send the same id again.',
  'timed-out': 'No answer in time. It is not known whether it was done: send the same id again.',
  internal: 'A fault of ours. The request id helps to find it.',
} as const
export type FaultCode = keyof typeof faultCodes
export type ErrorCode = RejectionCode | FaultCode

/** One thing that is wrong with the input: a JSON pointer into body, query or path, and a text for people. */
export type FieldProblem = { path: string; code: string; message: string }
