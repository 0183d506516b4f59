import { type Static, type TSchema, Type } from 'typebox'
import { emailLengthMax, passwordLengthMax, phoneLengthMax } from './credentials.ts'
import { type Id, joinCodeLength, type PlayerId, type TournamentId } from './ids.ts'
import type { NameKind } from './names.ts'

/** Building blocks that several contracts share. `format`s named here are implemented by the edge (see names.ts, ids.ts). */

/** A closed object: unknown keys are refused, so that nothing can be assigned that a contract doesn't name. */
export function Closed<const P extends Record<string, TSchema>>(properties: P, description?: string) {
  return Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) })
}

/** One of a few strings, as a plain JSON Schema `enum` (a union of literals reads badly in documents). */
export function OneOf<const V extends readonly string[]>(values: V, description?: string) {
  return Type.Unsafe<V[number]>({ type: 'string', enum: values, ...(description ? { description } : {}) })
}

export function IdOf<I extends Id<string>>() {
  return Type.Unsafe<I>({ type: 'string', format: 'uuid-v7' })
}
export const TournamentIdSchema = IdOf<TournamentId>()
export const PlayerIdSchema = IdOf<PlayerId>()

/** A name as typed. The bounds hold after trimming and NFC, which JSON Schema can't say: see the format. */
export function Name(kind: NameKind) {
  return Type.String({ format: `${kind}-name`, maxLength: 1_000 })
}

/** A text of several lines. The bound holds after trimming and NFC: see the format. */
export function Text(lengthMax: number, lengthMin = 0) {
  return Type.String({ format: 'text', minLength: lengthMin, maxLength: lengthMax })
}

export const Email = Type.String({ format: 'email-address', maxLength: emailLengthMax })
export const Phone = Type.String({ format: 'phone', maxLength: phoneLengthMax })
export const WebAddress = Type.String({
  format: 'web-address',
  maxLength: 400,
  description: 'Begins with https:// or http://',
})
/** As typed when signing in: anything may be tried, within bounds that keep hashing cheap. */
export const TypedPassword = Type.String({ minLength: 1, maxLength: passwordLengthMax })
/** 256 random bits, in base64url, with what they belong to in front. */
export const OneTimeToken = Type.String({ pattern: '^[A-Za-z0-9._~-]{20,200}$' })

/** Pages: what comes after the last one seen. */
export const pageSizeMax = 100
export const PageQuery = {
  after: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9._~-]{1,200}$', description: '`next` of the page before' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageSizeMax })),
} as const
export function Page<const P extends Record<string, TSchema>>(properties: P) {
  return Closed({
    items: Type.Array(Closed(properties), { maxItems: pageSizeMax }),
    next: Nullable(Type.String({ description: 'Pass as `after` for the next page; null at the end' })),
  })
}

export const JoinCodeSchema = Type.String({ minLength: joinCodeLength, maxLength: 2 * joinCodeLength })
export const VersionSchema = Type.Integer({
  minimum: 1,
  description: 'Grows by one with every change.',
})
/** 32 bytes in lower-case hexadecimal. */
export const Hex256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
export const TimeSchema = Type.String({ format: 'date-time', description: 'UTC, ISO 8601' })
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const FieldProblemSchema = Closed({
  path: Type.String({ description: 'JSON pointer: /body/name, /query/limit, /params/id' }),
  code: Type.String(),
  message: Type.String(),
})

/** RFC 9457 problem document: what every error looks like. */
export const Problem = Closed({
  type: Type.String({ description: 'A URI reference that names the code, /problems/<code>' }),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  requestId: Type.String(),
  detail: Type.Optional(Type.String()),
  fields: Type.Optional(Type.Array(FieldProblemSchema, { maxItems: 100 })),
})
export type Problem = Static<typeof Problem>
