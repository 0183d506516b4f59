import { isObject, type JsonSchema } from './components.ts'
import { type Html, html } from './html.ts'

const formatText: Record<string, string> = {
  'uuid-v7': 'UUIDv7',
  'date-time': 'time (UTC, ISO 8601)',
  'tournament-name': 'name, 1 to 100 characters',
  'person-name': 'name, 1 to 60 characters',
  'team-name': 'name, 1 to 60 characters',
  'organization-name': 'name, 1 to 200 characters',
  'title-name': 'title, 1 to 200 characters',
  reason: 'text, 1 to 200 characters',
  'email-address': 'e-mail address',
  phone: 'phone number',
  'web-address': 'address of a web page',
  text: 'text of any lines',
  line: 'text of one line',
}

/** A schema's type in a few words, with links to the shared schemas. */
export function typeText(schema: unknown): Html {
  if (!isObject(schema)) return html`anything`
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return html`<a href="#schema-${name}">${name}</a>`
  }
  if (Array.isArray(schema.anyOf)) return html.join(schema.anyOf.map(typeText), html` <i>or</i> `)
  if (Array.isArray(schema.enum)) {
    const values = schema.enum.map((value) => html`<code>${String(value)}</code>`)
    return html.join(values, html` · `)
  }
  switch (schema.type) {
    case 'array':
      return html`list of ${typeText(schema.items)}${lengthText(schema.minItems, schema.maxItems, 'items')}`
    case 'object':
      return objectText(schema)
    case 'integer':
      return html`whole number${bounds(schema.minimum, schema.maximum)}`
    case 'number':
      return html`number${bounds(schema.minimum, schema.maximum)}`
    case 'string':
      return stringText(schema)
    default:
      return html`${String(schema.type ?? 'anything')}`
  }
}

function stringText({ format, pattern, minLength, maxLength }: JsonSchema): Html {
  const length = lengthText(minLength, maxLength, 'characters')
  if (format === 'text' || format === 'line') return html`${formatText[format] ?? format}${length}`
  if (typeof format === 'string') return html`${formatText[format] ?? format}`
  return pattern === '^[0-9a-f]{64}$' ? html`32 bytes, hexadecimal` : html`text${length}`
}

function objectText(schema: JsonSchema): Html {
  const keys = Object.entries(isObject(schema.properties) ? schema.properties : {})
  if (keys.length === 0) return html`object`
  const parts = keys.map(([key, value]) => html`<code>${key}</code>: ${typeText(value)}`)
  return html`{ ${html.join(parts, html`, `)} }`
}

function bounds(from: unknown, to: unknown): Html {
  if (from === undefined && to === undefined) return html``
  if (from === undefined) return html`, at most ${String(to)}`
  return to === undefined ? html`, from ${String(from)}` : html`, ${String(from)} to ${String(to)}`
}

function lengthText(from: unknown, to: unknown, of: string): Html {
  const text = bounds(from, to)
  return text.markup === '' ? text : html`${text} ${of}`
}

export type Row = { name: string; type: Html; isRequired: boolean; note: Html }

/** The keys of an object schema as rows of a table. */
export function propertyRows(schema: unknown): Row[] {
  if (!isObject(schema) || !isObject(schema.properties)) return []
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).map(([name, value]) => ({
    name,
    type: typeText(value),
    isRequired: required.includes(name),
    note: html`${isObject(value) && typeof value.description === 'string' ? value.description : ''}`,
  }))
}
