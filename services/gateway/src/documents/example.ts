import { isObject } from './components.ts'

export type ExampleValue =
  | null
  | boolean
  | number
  | string
  | ExampleValue[]
  | { [key: string]: ExampleValue | undefined }

const exampleOfFormat: Record<string, string> = {
  'uuid-v7': '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15',
  'date-time': '2026-11-21T19:30:00.000Z',
  'tournament-name': 'Friday Cup',
  'person-name': 'Ada',
  'team-name': 'Juventus',
  'organization-name': 'Riverside Sports Club',
  'title-name': 'Second goal is missing',
  'email-address': 'ada@example.org',
  phone: '+44 20 7946 0018',
  'web-address': 'https://club.example',
  text: 'Bring indoor shoes.',
  line: 'cup',
  reason: 'A player left before kick-off.',
}

/**
 * A value that a schema accepts: required keys only, or all where none is required. Knows what the contracts
 * use: objects, arrays, unions, enums, bounds, formats, and patterns that 32 bytes in hexadecimal fit.
 */
export function exampleOf(schema: unknown): ExampleValue {
  if (!isObject(schema)) return null
  if (Array.isArray(schema.anyOf)) return exampleOf(schema.anyOf[0])
  if (Array.isArray(schema.enum)) return String(schema.enum[0])
  switch (schema.type) {
    case 'object':
      return exampleObject(schema)
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 1) }, () => exampleOf(schema.items))
    case 'integer':
    case 'number':
      return Math.max(Number(schema.minimum ?? 0), Math.min(10, Number(schema.maximum ?? 10)))
    case 'boolean':
      return true
    case 'string':
      return exampleText(schema)
    default:
      return null
  }
}

/** The same of an object schema; empty where there is no schema. */
export function exampleObjectOf(schema: unknown): Record<string, ExampleValue> {
  return isObject(schema) ? exampleObject(schema) : {}
}

function exampleObject(schema: Record<string, unknown>): Record<string, ExampleValue> {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : []
  const keys = Object.keys(properties).filter((key) => required.length === 0 || required.includes(key))
  return Object.fromEntries(keys.map((key) => [key, exampleOf(properties[key])]))
}

function exampleText(schema: Record<string, unknown>): string {
  if (typeof schema.format === 'string') return exampleOfFormat[schema.format] ?? 'text'
  if (schema.pattern !== undefined) return '5f'.repeat(32)
  // Characters of a join code, which are fine as any other text too.
  return 'K7M2QX'.padEnd(Number(schema.minLength ?? 6), 'K')
}
