import type { Operation } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { Ajv, type ValidateFunction } from 'ajv'
import { formats } from '../http/formats.ts'

/** Whether an input, path and body in one object, is as the operation's contract says. */
export type CheckInput = (operation: Operation, input: JsonObject) => boolean

export function createInputCheck(): CheckInput {
  const ajv = new Ajv({ strict: true, formats })
  const checks = new Map<string, ValidateFunction>()

  return (operation, input) => {
    let check = checks.get(operation.name)
    if (!check) {
      const parts = [operation.params, operation.body].flatMap((part) => (part ? [part] : []))
      check = ajv.compile({
        type: 'object',
        additionalProperties: false,
        properties: Object.assign({}, ...parts.map((part) => part.properties)),
        required: parts.flatMap((part) => part.required ?? []),
      })
      checks.set(operation.name, check)
    }
    return check(input)
  }
}
