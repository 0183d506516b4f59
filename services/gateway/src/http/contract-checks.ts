import type { Operation } from '@matchday/contracts'
import { Fault } from '@matchday/kernel'
import { policyTable } from './policy-table.ts'

/**
 * Contracts that can't be served stop the start, with the operation's name: better no server than an open
 * route. Throws Fault `bad-contract`.
 */
export function checkContracts(operations: readonly Operation[]): void {
  const routes = new Map<string, string>()
  for (const operation of operations) {
    for (const problem of contractProblems(operation)) refuse(operation.name, problem)
    const route = `${operation.route[0]} ${operation.route[1].replaceAll(/\{\w+\}/g, '{}')}`
    const other = routes.get(route)
    if (other !== undefined) refuse(operation.name, `has the same route as ${other}: ${route}`)
    routes.set(route, operation.name)
  }
}

export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
}

function contractProblems(operation: Operation): string[] {
  return [
    ...policyProblems(operation),
    ...parameterProblems(operation),
    ...collisions(operation).map((key) => `has more than one input called ${key}`),
    ...((operation.kind === 'query') === (operation.route[0] === 'GET')
      ? []
      : ['is a query by another method than GET, or changes something by GET']),
    ...((operation.answers === 'empty') === (operation.output === undefined)
      ? []
      : ['must have an output schema exactly when its answer has a body']),
  ]
}

function policyProblems(operation: Operation): string[] {
  // The type says that there is a policy; a contract written in a hurry (or in JavaScript) may still have
  // none.
  const policy: string | undefined = operation.policy
  if (policy === undefined) return ['has no policy']
  if (!Object.hasOwn(policyTable, policy)) return [`has the unknown policy ${policy}`]
  const missing = policyTable[operation.policy].params.filter(
    (key) => !pathParameters(operation.route[1]).includes(key),
  )
  return missing.map((key) => `has the policy ${policy}, which needs {${key}} in the path`)
}

function parameterProblems(operation: Operation): string[] {
  const inPath = pathParameters(operation.route[1]).sort().join(', ')
  const inSchema = Object.keys(operation.params?.properties ?? {})
    .sort()
    .join(', ')
  return inPath === inSchema ? [] : [`has {${inPath}} in its path but {${inSchema}} in its params`]
}

function collisions(operation: Operation): string[] {
  const keys = [operation.params, operation.query, operation.body].flatMap((schema) =>
    Object.keys(schema?.properties ?? {}),
  )
  return keys.filter((key, index) => keys.indexOf(key) !== index)
}

function refuse(operation: string, problem: string): never {
  throw new Fault('bad-contract', `The contract of ${operation} ${problem}.`, {
    hint: 'Correct the operation in packages/contracts.',
  })
}
