import { actorOf, type Caller, type StaffId } from '@matchday/contracts'

/** Who did something, for the changelog. What administrators did is told apart, wherever they did it. */
export type Actor = { readonly kind: string; readonly id: string | null }

export const administrator = 'administrator'

export function actorIn(caller: Caller): Actor {
  const isAdministrator = caller.kind === 'staff' && caller.platformRole !== undefined
  return { kind: isAdministrator ? administrator : caller.kind, id: actorOf(caller) }
}

/** Kinds of actors whose ids are accounts of organisers' people. */
export const peopleKinds: readonly string[] = ['staff', administrator]

/** The account of somebody whom only staff's policies let in so far. */
export function accountIn(caller: Caller): StaffId {
  if (caller.kind !== 'staff') throw new Error(`${caller.kind} has no account among staff`)
  return caller.accountId
}

/** Whether somebody wrote something. Becoming an administrator makes nobody another. */
export function isAuthor(by: Actor, { authorId }: { readonly authorId: string }): boolean {
  return by.id === authorId
}

type AuthoredRow = { readonly authorKind: string; readonly authorId: string }

export function authorOfRow({ authorKind, authorId }: AuthoredRow): Actor {
  return { kind: authorKind, id: authorId }
}
