import type { Caller, Policy, Realm } from '@matchday/contracts'

/**
 * Whether a caller is of the kind that an operation of this realm asks for. What somebody is in an organisation is
 * asked of the service that knows it; what an administrator may do is decided with his account.
 */
export function isAllowed(policy: Policy, caller: Caller, realm: Realm): boolean {
  switch (policy) {
    case 'anyone':
      return true
    // Where somebody sits only the edge can see, and no operation of this kind changes anything.
    case 'local':
      return true
    case 'staff':
    case 'owner':
      return realm === 'staff' && caller.kind === 'staff'
    // Of players, too.
    case 'admin':
      return caller.kind === 'staff' && caller.platformRole !== undefined
    case 'superadmin':
      return realm === 'staff' && caller.kind === 'staff' && caller.platformRole === 'superadmin'
    case 'player-account':
      return realm === 'players' && caller.kind === 'player-account'
    case 'organizer':
    case 'player':
    case 'self':
    case 'organizer-or-self':
    case 'support':
    case 'manager':
      return false
    default:
      return policy satisfies never
  }
}
