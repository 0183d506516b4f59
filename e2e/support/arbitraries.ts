import type { Operation } from '@matchday/contracts'
import fc, { type Arbitrary } from 'fast-check'

/** The parts of JSON Schema that contracts use. */
type Schema = {
  type?: string
  format?: string
  pattern?: string
  enum?: readonly string[]
  anyOf?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}

export type Fuzzed = {
  operation: Operation
  /** Path parameters: `known` takes the one of a tournament that exists. */
  params: Readonly<Record<string, string | null>>
  query: Readonly<Record<string, unknown>>
  body: unknown
  /** `allowed`: of somebody who may; `other`: of the organiser of something else. */
  token: 'allowed' | 'none' | 'organizer' | 'other' | 'garbage'
  /** `null`: the version that is the latest then. */
  ifMatch: string | null
  /** Instead of all this: a request that nothing stands against, where chance alone would never find one. */
  isGood: boolean
}

const nasty = [
  ...['', ' ', '\0', '\u202e', '\u200b', '\ud800', 'a'.repeat(2_000), '__proto__', 'constructor', '../..'],
  ...[
    "'; drop table events; --",
    '%',
    '_',
    '$1',
    '\\',
    '"',
    '{{7*7}}',
    '<b>',
    '\r\nx: y',
    '👩‍👩‍👧',
    'e\u0301'.repeat(60),
  ],
]
const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
)
export const junk: Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e300, 2 ** 53, [], {}, [[]], { toString: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Values as the schema wants them, now and then with something else in their place. */
function anyValueOf(schema: Schema): Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: goodValueOf(schema) }, { weight: 1, arbitrary: junk })
}

function goodValueOf(schema: Schema): Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(anyValueOf))
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'object':
      return objectOf(schema)
    case 'array':
      return fc.array(anyValueOf(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 12 })
    case 'integer':
      return fc.integer({ min: (schema.minimum ?? 0) - 1, max: Math.min(schema.maximum ?? 100, 1_000) + 1 })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return textOf(schema)
    default:
      return junk
  }
}

/** Names that may meet: picks of teams that exist, players who are in. */
const names = ['Team 1', 'Team 2', 'Player', 'Ana', ' ana ']
const ofFormat: Readonly<Record<string, readonly string[]>> = {
  'email-address': ['ada@example.org', 'ADA@example.org', 'grace+cup@example.org'],
  'uuid-v7': ['01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15'],
  'date-time': ['2026-11-21T19:30:00.000Z'],
  phone: ['+44 20 7946 0018'],
  'web-address': ['https://club.example'],
}

function textOf({ format, pattern, minLength = 0, maxLength = 40 }: Schema): Arbitrary<string> {
  if (pattern === '^[0-9a-f]{64}$') return fc.stringMatching(/^[0-9a-f]{64}$/)
  if (format !== undefined) return fc.oneof(fc.constantFrom(...(ofFormat[format] ?? names)), text)
  return fc.string({ minLength, maxLength })
}

function objectOf({ properties = {}, required = [] }: Schema): Arbitrary<unknown> {
  const values = Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [key, anyValueOf(schema)]),
  )
  const good = fc.record(values, { requiredKeys: [...required] })
  const extra = fc.tuple(
    good,
    fc.constantFrom('x', 'id', 'playerId', 'version', '__proto__', 'constructor'),
    junk,
  )
  return fc.oneof(
    { weight: 10, arbitrary: good },
    { weight: 1, arbitrary: fc.record(values, { requiredKeys: [] }) },
    { weight: 1, arbitrary: extra.map(([value, key, more]) => ({ ...value, [key]: more })) },
  )
}

/** Requests for an operation: most of them well-formed, some in no way. */
export function requestsFor(operation: Operation): Arbitrary<Fuzzed> {
  // A schema of TypeBox is plain JSON Schema, of which only these parts occur.
  const params = Object.keys((operation.params as Schema | undefined)?.properties ?? {})
  const id = fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: text })
  return fc.record({
    operation: fc.constant(operation),
    params: fc.record(Object.fromEntries(params.map((name) => [name, id]))),
    query: fc.oneof(
      { weight: 4, arbitrary: queryOf(operation) },
      { weight: 1, arbitrary: fc.dictionary(fc.string({ unit: 'grapheme' }), text, { maxKeys: 3 }) },
    ),
    body: operation.body === undefined ? fc.constant(undefined) : anyValueOf(operation.body as Schema),
    token: fc.oneof(
      { weight: 8, arbitrary: fc.constant('allowed' as const) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'none' as const,
          'organizer' as const,
          'other' as const,
          'garbage' as const,
        ),
      },
    ),
    ifMatch: fc.oneof(
      fc.constant(null),
      fc.integer({ min: 1, max: 9 }).map((version) => `"${version}"`),
      fc.constantFrom('*', 'x', '""'),
    ),
    isGood: fc.integer({ min: 1, max: 16 }).map((drawn) => drawn === 1),
  })
}

function queryOf({ query }: Operation): Arbitrary<Readonly<Record<string, unknown>>> {
  if (query === undefined) return fc.constant({})
  const properties = Object.entries((query as Schema).properties ?? {})
  return fc.record(Object.fromEntries(properties.map(([key, schema]) => [key, anyValueOf(schema)])), {
    requiredKeys: [],
  })
}
