import type { Policy } from '@matchday/contracts'

/** What is told in a cell of the table: */
export const words = {
  /** He is let in, and told so, unless his operation has an exception. */
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

/** Cells of one operation that differ from its table's: who, what he asks for, what he is told. */
export type Exception = readonly [caller: CallerName | 'everybody-let-in', column: string, code: string]

/** What is meant for one operation. */
export type Meant = {
  /** Its contract must name this very policy. */
  readonly policy: Policy
  /** Left out: the table of its policy. */
  readonly table?: string
  /** Of the table's columns, those that make sense; left out: all of them. */
  readonly columns?: readonly string[]
  readonly exceptions?: readonly Exception[]
}

export const toldAll = (column: string, code: string): Exception => ['everybody-let-in', column, code]
/** Whoever is let in meets the same rule of the thing itself, whatever he asks for. */
export function everywhere(code: string): readonly Exception[] {
  const columns = ['own', 'private', 'nobodys', 'others', 'secret', 'pending', 'blocked']
  return [...columns, 'archived'].map((column) => toldAll(column, code))
}
