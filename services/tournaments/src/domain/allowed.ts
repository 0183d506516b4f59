import type { Caller, Policy } from '@matchday/contracts'

type Target = { readonly id?: unknown; readonly playerId?: unknown }

/**
 * Whether a token is of the kind, the tournament and the player that an operation asks for. Whether a player
 * is still in, and his pass the latest, is decided with the tournament's state.
 */
export function isAllowed(policy: Policy, caller: Caller, target: Target): boolean {
  switch (policy) {
    case 'anyone':
      return true
    case 'organizer':
      return isOrganizerOf(caller, target)
    case 'player':
      return isPlayerIn(caller, target)
    case 'self':
      return isSelf(caller, target)
    case 'organizer-or-self':
      return isOrganizerOf(caller, target) || isSelf(caller, target)
    default:
      return policy satisfies never
  }
}

function isOrganizerOf(caller: Caller, { id }: Target): boolean {
  return caller.kind === 'organizer' && caller.tournamentId === id
}

function isPlayerIn(caller: Caller, { id }: Target): boolean {
  return caller.kind === 'player' && caller.tournamentId === id
}

function isSelf(caller: Caller, target: Target): boolean {
  return isPlayerIn(caller, target) && caller.kind === 'player' && caller.playerId === target.playerId
}
