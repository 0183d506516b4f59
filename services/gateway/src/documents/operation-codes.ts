import { type ErrorCode, identityServiceOf, type Operation } from '@matchday/contracts'
import { policyTable } from '../http/policy-table.ts'
import { statusTable } from '../http/status-table.ts'

/** Every code that an operation can answer with: its own rejections, and what the edge says on the way. */
export function codesOf(operation: Operation): ErrorCode[] {
  const takesBody = operation.route[0] !== 'GET'
  const codes: (ErrorCode | false | undefined)[] = [
    ...operation.rejections,
    'unreadable-request',
    'not-authenticated',
    'invalid-input',
    'request-too-slow',
    'overloaded',
    'unavailable',
    'timed-out',
    'internal',
    // Keys are refused everywhere but where a scope is named, and `local` to whoever is elsewhere.
    'not-allowed',
    takesBody && 'cross-origin',
    usesAccounts(operation) && 'insecure-connection',
    operation.params && 'not-found',
    takesBody && 'payload-too-large',
    takesBody && 'unsupported-media-type',
    operation.kind === 'command' && 'request-id-reused',
    operation.expectedVersion === 'required' && 'version-required',
    operation.missesPerMinuteMax && 'too-many-requests',
    operation.requestsPerMinuteMax && 'too-many-requests',
    operation.kind === 'signal' && 'too-many-requests',
  ]
  return [...new Set(codes.filter((code): code is ErrorCode => typeof code === 'string'))]
}

const accountServices: ReadonlySet<string> = new Set(Object.values(identityServiceOf))

/** Whether an account or a key may be what somebody comes with: all but what takes passes alone. */
function usesAccounts({ policy, service, route: [method] }: Operation): boolean {
  if (accountServices.has(service) && method !== 'GET') return true
  return !['player', 'self', 'local'].includes(policy) && policyTable[policy] !== undefined
}

/** The same by status, lowest first. */
export function codesByStatus(operation: Operation): [status: number, codes: ErrorCode[]][] {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codesOf(operation)) {
    byStatus.set(statusTable[code], [...(byStatus.get(statusTable[code]) ?? []), code])
  }
  return [...byStatus].sort(([one], [other]) => one - other)
}
