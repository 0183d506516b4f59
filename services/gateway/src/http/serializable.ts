import type { Schema } from './schema-checks.ts'

type Node = { [key: string]: unknown }

/**
 * A contract's schema as the serialiser likes it: `X or null` as `nullable`, which is a comparison, where a
 * union would run a validator for each value.
 */
export function serializable(schema: Schema): Node {
  // JSON Schema is JSON; the copy loses the schema library's hidden marks and may be changed.
  return simplify(JSON.parse(JSON.stringify(schema)))
}

function simplify(node: Node): Node {
  const { anyOf } = node
  if (Array.isArray(anyOf) && anyOf.length === 2 && anyOf[1]?.type === 'null') {
    return { ...simplify(anyOf[0]), nullable: true }
  }
  for (const [key, value] of Object.entries(node)) {
    if (Array.isArray(value)) node[key] = value.map((item) => (isNode(item) ? simplify(item) : item))
    else if (isNode(value)) node[key] = simplify(value)
  }
  return node
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
