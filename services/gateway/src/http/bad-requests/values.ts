import type { Operation } from '@matchday/contracts'
import { isObject } from '../../documents/components.ts'
import { type BadRequest, goodBody, type Outcome, requestBytes } from './bad-request.ts'

/** JSON texts of values for a field that is a name, by whether a name may look so. */
const names: Record<string, readonly [json: string, outcome: Outcome]> = {
  null: ['null', 'invalid-input'],
  'a number': ['1', 'invalid-input'],
  'a list': ['["a"]', 'invalid-input'],
  'an object': ['{"toString":"a"}', 'invalid-input'],
  nothing: ['""', 'invalid-input'],
  spaces: ['"   "', 'invalid-input'],
  'a zero-width space': ['"\u200b"', 'invalid-input'],
  'a no-break space and a byte order mark': ['"\u00a0\ufeff"', 'invalid-input'],
  'a lone combining mark': ['"\u0301"', 'invalid-input'],
  'a NUL': ['"a\\u0000b"', 'invalid-input'],
  'a line break': ['"a\\nb"', 'invalid-input'],
  'a line separator': ['"a\\u2028b"', 'invalid-input'],
  'an escape sequence of terminals': ['"\\u001b[31mred"', 'invalid-input'],
  'a lone high surrogate': ['"a\\ud800"', 'invalid-input'],
  'a lone low surrogate': ['"\\udc00a"', 'invalid-input'],
  'a right-to-left override': ['"a\\u202eb"', 'invalid-input'],
  'a direction isolate': ['"a\\u2066b"', 'invalid-input'],
  'a letter with 1,000 accents': [`"a${'\\u0323'.repeat(1_000)}"`, 'invalid-input'],
  '10,000 letters': [`"${'a'.repeat(10_000)}"`, 'invalid-input'],
  '5,000 letters beyond 16 bits': [`"${'\\ud83d\\ude00'.repeat(5_000)}"`, 'invalid-input'],
  'the name __proto__': ['"__proto__"', 'passed-on'],
  'the name constructor': ['"constructor"', 'passed-on'],
  'a script element': ['"<script>alert(1)</script>"', 'passed-on'],
  'a quote and a semicolon': [`"'; drop table events; --"`, 'passed-on'],
  'a template': ['"{{7*7}}<%= 7*7 %>"', 'passed-on'],
  'a family of emoji': ['"👨‍👩‍👧‍👦"', 'passed-on'],
  'a Turkish i': ['"İstanbul ı"', 'passed-on'],
  'a decomposed letter': ['"Cafe\\u0301"', 'passed-on'],
  'a homoglyph': ['"Јuventus"', 'passed-on'],
  'spaces around': ['"  a  "', 'passed-on'],
}

const integers: Record<string, readonly [json: string, outcome: Outcome]> = {
  null: ['null', 'invalid-input'],
  'a text': ['"2"', 'invalid-input'],
  'a boolean': ['true', 'invalid-input'],
  zero: ['0', 'invalid-input'],
  'minus zero': ['-0', 'invalid-input'],
  'minus one': ['-1', 'invalid-input'],
  'a fraction': ['2.5', 'invalid-input'],
  '1e400': ['1e400', 'invalid-input'],
  '1e-400': ['1e-400', 'invalid-input'],
  '2^53 + 1': ['9007199254740993', 'invalid-input'],
  '10^9': ['1000000000', 'invalid-input'],
  'a list': ['[2]', 'invalid-input'],
}

const booleans: Record<string, readonly [json: string, outcome: Outcome]> = {
  null: ['null', 'invalid-input'],
  'a text': ['"true"', 'invalid-input'],
  'a number': ['1', 'invalid-input'],
}

const tables = { name: names, integer: integers, boolean: booleans } as const

/** Values for one field each, the rest of the body being fine. */
export const badValues: readonly BadRequest[] = Object.entries(tables).flatMap(([kind, table]) =>
  Object.entries(table).map(
    ([name, [json, outcome]]): BadRequest => ({
      name: `${kind}: ${name}`,
      appliesTo: (operation) => fieldOf(operation, kind, json) !== undefined,
      bytes: (target) => {
        const field = fieldOf(target.operation, kind, json) ?? ''
        const { [field]: _replaced, ...others } = goodBody(target.operation)
        const rest = JSON.stringify(others).slice(1)
        const separator = rest === '}' ? '' : ','
        return requestBytes(target, { body: `{${JSON.stringify(field)}:${json}${separator}${rest}` })
      },
      outcomes: [outcome],
    }),
  ),
)

/**
 * The first field of that kind in an operation's body; fields that may be null are left out when null is the
 * value.
 */
function fieldOf(operation: Operation, kind: string, json: string): string | undefined {
  const properties = Object.entries<unknown>(operation.body?.properties ?? {})
  const found = properties.find(([, schema]) => {
    if (!isObject(schema)) return false
    const isNullable = Array.isArray(schema.anyOf) && schema.anyOf.some((branch) => branch.type === 'null')
    const branches: unknown[] = Array.isArray(schema.anyOf) ? schema.anyOf : [schema]
    return branches.some((branch) => isKind(branch, kind)) && !(isNullable && json === 'null')
  })
  return found?.[0]
}

function isKind(schema: unknown, kind: string): boolean {
  if (!isObject(schema)) return false
  if (kind !== 'name') return schema.type === kind
  return typeof schema.format === 'string' && (schema.format.endsWith('-name') || schema.format === 'reason')
}
