import type { Caller } from '@matchday/contracts'

export type SignedIn = Extract<Caller, { kind: 'staff' | 'player-account' }>

/** The caller of an operation that only somebody with an account may call. The guard has seen to it. */
export function signedIn(caller: Caller): SignedIn {
  if (caller.kind !== 'staff' && caller.kind !== 'player-account') throw new Error('the guard let nobody in')
  return caller
}
