import type { Static, TObject, TSchema } from 'typebox'
import type { RejectionCode } from './codes.ts'
import { type OperationName, type Route, routes } from './routes.ts'

/**
 * Who may call an operation. Capability tokens are scoped to one tournament: `organizer` and `player` mean of the
 * tournament in the path, `self` means the very player in the path. The service that owns the data checks again.
 */
export type Policy = 'anyone' | 'organizer' | 'player' | 'self' | 'organizer-or-self'

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

type Part<S> = S extends TSchema ? Static<S> : unknown
/** What a handler receives: path, query and body in one flat object (their names never collide; a test sees to it). */
export type InputOf<O extends OperationSpec> = Part<O['params']> & Part<O['query']> & Part<O['body']>
export type ParamsOf<O extends OperationSpec> = Part<O['params']>
export type QueryOf<O extends OperationSpec> = Part<O['query']>
export type BodyOf<O extends OperationSpec> = Part<O['body']>
export type OutputOf<O extends OperationSpec> = O['output'] extends TSchema ? Static<O['output']> : undefined
export type RejectionOf<O extends OperationSpec> = O['rejections'][number]
