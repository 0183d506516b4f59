import * as contracts from '@matchday/contracts'

export type JsonSchema = { [key: string]: unknown }

/**
 * Schemas that the contracts export by name, found again by what they say: `Tournament`, `Player`, `DrawMode`
 * …
 */
const sharedNames: ReadonlyMap<string, string> = new Map(
  Object.entries<unknown>(contracts)
    .filter(([, value]) => isObject(value) && typeof value.type === 'string')
    .filter(([, value]) => isObject(value) && ('properties' in value || 'enum' in value))
    .map(([name, value]) => [JSON.stringify(value), name.replace(/Schema$/, '')]),
)

export type Components = {
  /** A plain copy of a contract's schema, in which shared schemas are references. */
  refer(schema: object): JsonSchema
  /** The shared schemas that were referred to. */
  readonly schemas: Record<string, JsonSchema>
}

export function createComponents(): Components {
  const schemas: Record<string, JsonSchema> = {}

  function referNode(node: unknown): unknown {
    if (Array.isArray(node)) return node.map(referNode)
    if (!isObject(node)) return node
    const name = sharedNames.get(JSON.stringify(node))
    if (name === undefined) return expand(node)
    if (!Object.hasOwn(schemas, name)) {
      // First, so that a schema that contains itself ends here.
      schemas[name] = {}
      schemas[name] = expand(node)
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  function expand(node: JsonSchema): JsonSchema {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, referNode(value)]))
  }

  return {
    schemas,
    refer: (schema) => {
      const referred = referNode(schema)
      return isObject(referred) ? referred : {}
    },
  }
}

export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
