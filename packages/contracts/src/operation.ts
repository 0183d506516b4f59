import type { Static, TObject, TSchema } from 'typebox'
import type { RejectionCode } from './codes.ts'
import type { Realm, Scope } from './roles.ts'
import { type OperationName, type Route, routes } from './routes.ts'

/**
 * Who may call an operation, with what it means. The edge looks at the token and the path; the service that owns the
 * data decides, from the token's subject and its own data.
 */
export const policies = {
  anyone: 'Everybody; a token says more',
  organizer:
    'Who manages the organisation that the tournament belongs to (manager, owner, an administrator in preview, a key); if it belongs to none, who has its organiser’s token',
  player: 'A player of the tournament',
  self: 'The very player in the path',
  'organizer-or-self': 'The organiser, or the very player in the path',
  staff: 'Who is signed in among the organisers’ people',
  'player-account': 'Who is signed in as a player',
  support:
    'Members of the organisation in the path (support, manager, owner), or an administrator in its preview',
  manager: 'Managers and owners of the organisation, or an administrator in its preview',
  owner: 'Owners of the organisation, or an administrator in its preview',
  admin: 'Administrators of the platform',
  superadmin: 'Superadministrators of the platform',
  local: 'Whoever sits at the computer that Matchday runs on',
} as const
export type Policy = keyof typeof policies

/** A command changes something and is answered once for its id; a query only reads. */
export type OperationKind = 'command' | 'query' | 'signal'

export type OperationSpec = {
  /** One line for the documents. */
  summary: string
  /** `signal`: fleeting, never stored, not idempotent (a highlight). */
  kind: OperationKind
  policy: Policy
  params?: TObject
  query?: TObject
  body?: TObject
  /** What a success means over HTTP: 201, 200, or 204 without a body. */
  answers: 'created' | 'ok' | 'empty'
  output?: TSchema
  /** Codes of rejections that this operation itself gives; the edge's own (bad input, limits …) go without saying. */
  rejections: readonly RejectionCode[]
  /** `required`: the caller must say which version he saw (`If-Match`). */
  expectedVersion?: 'required' | 'optional'
  /** A successful answer carries `ETag`, and `If-None-Match` is honoured. */
  versioned?: boolean
  /** Too dear to share an envelope: the others in it would wait for its answer. */
  travelsAlone?: true
  /** Bounds guessing: how many not-found answers one address, and all together, may cause a minute. */
  missesPerMinuteMax?: { perAddress: number; total: number }
  /** Bounds floods: how many requests one address, and all together, may make a minute. Shared by all gateways. */
  requestsPerMinuteMax?: { perAddress: number; total: number }
  /** Carries secrets or personal data: travels apart, and no broker ever writes it to a disk. */
  private?: true
  /** What a success does to the session of a browser: its tokens travel in cookies, if the caller wants that. */
  session?: { realm: Realm; effect: 'begins' | 'renews' | 'ends' }
  /** The service is told the address of the caller, for its limits. */
  tellsAddress?: true
  /** A key of an organisation that has this scope may call it. */
  scope?: Scope
  /** Whose session counts here when a browser has one of each realm; `staff` if nothing else says so. */
  knows?: Realm
}

/** The realm whose session says who a browser's user is, for one operation. */
export function realmOf({ policy, session, knows }: OperationSpec): Realm {
  if (policy === 'player-account') return 'players'
  return session?.realm ?? knows ?? 'staff'
}

export type Operation<Spec extends OperationSpec = OperationSpec> = Spec & {
  name: OperationName
  service: string
  route: Route
}

/** Declares the operations of one service. Their names are those of the route table. */
export function operations<const Specs extends Partial<Record<OperationName, OperationSpec>>>(
  service: string,
  specs: Specs,
): {
  [Name in keyof Specs & OperationName]: Specs[Name] extends OperationSpec ? Operation<Specs[Name]> : never
} {
  const entries = Object.entries(specs).map(([name, spec]) => [
    name,
    { ...spec, name, service, route: routes[name as OperationName] },
  ])
  // fromEntries forgets which key belongs to which value; the mapped return type restores exactly that.
  return Object.fromEntries(entries) as never
}

/**
 * An operation between services: no address in the web, and callable by services alone. What it needs is that it is
 * named, typed and answered like any other.
 */
export type InternalSpec = Pick<
  OperationSpec,
  'summary' | 'kind' | 'body' | 'output' | 'rejections' | 'private' | 'travelsAlone'
>
export type InternalOperation<Spec extends InternalSpec = InternalSpec> = Spec & {
  name: string
  service: string
}

/** Declares what a service answers to other services. */
export function internalOperations<const Specs extends Record<string, InternalSpec>>(
  service: string,
  specs: Specs,
): { [Name in keyof Specs]: InternalOperation<Specs[Name]> } {
  const entries = Object.entries(specs).map(([name, spec]) => [name, { ...spec, name, service }])
  // As above.
  return Object.fromEntries(entries) as never
}

/** What types are taken from, of both kinds of operation. */
type Shape = Pick<OperationSpec, 'params' | 'query' | 'body' | 'output' | 'rejections'>
type Part<S> = S extends TSchema ? Static<S> : unknown
/** What a handler receives: path, query and body in one flat object (their names never collide; a test sees to it). */
export type InputOf<O extends Shape> = Part<O['params']> & Part<O['query']> & Part<O['body']>
export type ParamsOf<O extends OperationSpec> = Part<O['params']>
export type QueryOf<O extends OperationSpec> = Part<O['query']>
export type BodyOf<O extends OperationSpec> = Part<O['body']>
export type OutputOf<O extends Shape> = O['output'] extends TSchema ? Static<O['output']> : undefined
export type RejectionOf<O extends Shape> = O['rejections'][number]
