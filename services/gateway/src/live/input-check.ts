import type { Operation } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { type Check, createSchemaChecks } from '../http/schema-checks.ts'

/** Whether an input, path and body in one object, is as the contract of one of these operations says. */
export type CheckInput = (operation: Operation, input: JsonObject) => boolean

/** What may be said over a socket: checked against these contracts alone. */
export function createInputCheck(operations: readonly Operation[]): CheckInput {
  const compile = createSchemaChecks()
  const checks = new Map<string, Check>()
  for (const { name, params, body } of operations) {
    const parts = [params, body].flatMap((part) => (part ? [part] : []))
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: Object.assign({}, ...parts.map((part) => part.properties)),
      required: parts.flatMap((part) => part.required ?? []),
    }
    checks.set(name, compile(schema, ''))
  }
  return (operation, input) => checks.get(operation.name)?.(input).length === 0
}
