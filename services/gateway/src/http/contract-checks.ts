import { type Operation, realms, scopes } from '@matchday/contracts'
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
    ...keyProblems(operation),
    ...sessionProblems(operation),
    ...limitProblems(operation),
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

function keyProblems({ policy, scope }: Operation): string[] {
  if (scope === undefined) return []
  if (!scopes.includes(scope)) return [`has the unknown scope ${scope}`]
  const takesKeys = Object.hasOwn(policyTable, policy) && policyTable[policy].takesKeys
  return takesKeys ? [] : [`has a scope, but its policy ${policy} lets no key in`]
}

/** What the edge does to a browser's session it does by these names. */
function sessionProblems({ session, knows, body, output, route: [method] }: Operation): string[] {
  const unknown = [session?.realm, knows].filter((realm) => realm !== undefined && !realms.includes(realm))
  if (unknown.length > 0) return [`has the unknown realm ${unknown[0]}`]
  if (session === undefined) return []
  if (method === 'GET') return ['changes a session by GET']
  if (session.effect === 'ends') return []
  const optional = ['cookies', ...(session.effect === 'renews' ? ['refreshToken'] : [])]
  const inBody = Object.keys(body?.properties ?? {})
  const required: readonly string[] = body?.required ?? []
  const inOutput = output !== undefined && 'properties' in output ? Object.keys(output.properties ?? {}) : []
  const tokens = ['accessToken', 'accessExpiresAt', 'refreshToken', 'refreshExpiresAt']
  return [
    ...optional
      .filter((key) => !inBody.includes(key) || required.includes(key))
      .map((key) => `${session.effect} a session, but has no optional ${key} in its body`),
    ...tokens
      .filter((key) => !inOutput.includes(key))
      .map((key) => `${session.effect} a session, but doesn't answer with ${key}`),
  ]
}

function limitProblems({ requestsPerMinuteMax, missesPerMinuteMax }: Operation): string[] {
  const bounds = [requestsPerMinuteMax, missesPerMinuteMax].flatMap((limit) =>
    limit === undefined ? [] : [limit.perAddress, limit.total],
  )
  return bounds.every((bound) => Number.isInteger(bound) && bound > 0) ? [] : ['has a limit that is no limit']
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
