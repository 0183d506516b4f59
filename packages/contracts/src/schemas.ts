import { type Static, type TSchema, Type } from 'typebox'
import { joinCodeLength, type PlayerId, type TournamentId } from './ids.ts'
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

export const TournamentIdSchema = Type.Unsafe<TournamentId>({ type: 'string', format: 'uuid-v7' })
export const PlayerIdSchema = Type.Unsafe<PlayerId>({ type: 'string', format: 'uuid-v7' })

/** A name as typed. The bounds hold after trimming and NFC, which JSON Schema can't say: see the format. */
export function Name(kind: NameKind) {
  return Type.String({ format: `${kind}-name`, maxLength: 1_000 })
}

export const JoinCodeSchema = Type.String({ minLength: joinCodeLength, maxLength: 2 * joinCodeLength })
export const VersionSchema = Type.Integer({
  minimum: 1,
  description: 'Grows by one with every change of the tournament.',
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
