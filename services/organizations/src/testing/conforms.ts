import { operationList, type RejectionCode } from '@matchday/contracts'
import type { AnyOperation, Reply } from '@matchday/kernel'
import { Value } from 'typebox/value'

/** Refusals that no contract names: the edge says them for every operation. */
const alwaysPossible: readonly string[] = ['not-allowed', 'invalid-input', 'request-id-reused']

/** What is wrong with a reply by the contract of its operation; nothing, as a rule. */
export function breachesOf(operation: AnyOperation, reply: Reply): readonly string[] {
  const { name, output, rejections } = operation
  switch (reply.kind) {
    case 'fault':
      return []
    case 'rejected': {
      const isNamed = rejections.includes(reply.code as RejectionCode) || alwaysPossible.includes(reply.code)
      return isNamed ? [] : [`${name} rejects with ${reply.code}`]
    }
    case 'ok': {
      if (output === undefined) return reply.body === null ? [] : [`${name} answers something`]
      return [...Value.Errors(output, reply.body)].map((error) => `${name}: ${JSON.stringify(error)}`)
    }
    default:
      return reply satisfies never
  }
}

export const operationsOfThis = operationList.filter(({ service }) => service === 'organizations')
