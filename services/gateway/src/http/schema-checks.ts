import type { FieldProblem, OperationSpec } from '@matchday/contracts'
import { Ajv, type ValidateFunction } from 'ajv'
import { isObject } from '../documents/components.ts'
import { fieldProblems } from './field-problems.ts'
import { boundedFormat, formats, isBoundedFormat, textFormat } from './formats.ts'

export type Schema = NonNullable<OperationSpec['output']>
export type ObjectSchema = NonNullable<OperationSpec['body']>

/** What is wrong with a value; empty when nothing is. */
export type Check = (value: unknown) => readonly FieldProblem[]

const nothing: readonly FieldProblem[] = []

/**
 * Makes checks of contracts' schemas. Nothing is converted and nothing removed: a key that the contract doesn't name
 * is refused, and `"1"` is no number. Each check tells all problems at once. It is compiled when the first value comes:
 * some hundred schemas would hold up every start, most of them for nothing.
 */
export function createSchemaChecks(): (schema: object, root: string) => Check {
  const ajv = new Ajv({ strict: true, allErrors: true, verbose: true, formats })
  /** By what they say: many operations take the same, or nothing. */
  const compiled = new Map<string, ValidateFunction>()
  const compile = (schema: object) => {
    const text = JSON.stringify(schema)
    const validate = compiled.get(text) ?? ajv.compile(withBoundedFormats(text, ajv))
    compiled.set(text, validate)
    return validate
  }
  return (schema, root) => {
    let validate: ValidateFunction | undefined
    return (value) => {
      validate ??= compile(schema)
      return validate(value) ? nothing : fieldProblems(root, validate.errors ?? [])
    }
  }
}

/** A copy in which texts have formats that know their bounds: these hold for what is left after trimming. */
function withBoundedFormats(schema: string, ajv: Ajv): object {
  // The reviver sees every node.
  return JSON.parse(schema, (_key, node: unknown) => {
    if (!isObject(node) || !isBoundedFormat(node.format) || typeof node.maxLength !== 'number') return node
    const name = boundedFormat(node.format, Number(node.minLength ?? 0), node.maxLength)
    const problem = textFormat(name)?.problem
    if (problem !== undefined) ajv.addFormat(name, (text: string) => problem(text) === undefined)
    return { ...node, format: name }
  })
}

type TextValues = Readonly<Record<string, unknown>>
type TextReader = (text: TextValues) => TextValues

/**
 * Path and query are text; this makes numbers and booleans of what the schema calls so. What doesn't look
 * like one stays text, and the check refuses it.
 */
export function createTextReader(schema: ObjectSchema | undefined): TextReader {
  const integers = keysOfType(schema, 'integer')
  const booleans = keysOfType(schema, 'boolean')
  if (integers.length + booleans.length === 0) return (text) => text
  return (text) => {
    const values: Record<string, unknown> = { ...text }
    for (const key of integers) {
      const digits = values[key]
      if (typeof digits === 'string' && /^-?\d{1,15}$/.test(digits)) values[key] = Number(digits)
    }
    for (const key of booleans) {
      if (values[key] === 'true') values[key] = true
      else if (values[key] === 'false') values[key] = false
    }
    return values
  }
}

function keysOfType(schema: ObjectSchema | undefined, type: string): string[] {
  const properties = Object.entries(schema?.properties ?? {})
  return properties.filter(([, value]) => 'type' in value && value.type === type).map(([key]) => key)
}
