import { Closed, type Operation, type Realm, realmOf } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { MissLimiter } from '../limits/miss-limiter.ts'
import { RequestLimiter } from '../limits/request-limiter.ts'
import type { SharedBudgets } from '../limits/shared-budgets.ts'
import { pathParameters } from './contract-checks.ts'
import { type Allows, allowsOf, type PathParams, policyTable } from './policy-table.ts'
import { type Check, createSchemaChecks, createTextReader, type Schema } from './schema-checks.ts'

/** Everything about an operation that doesn't change from request to request, worked out once. */
export type RoutePlan = {
  readonly operation: Operation
  readonly needsToken: boolean
  readonly allows: Allows
  /** Only from the computer that Matchday runs on. */
  readonly isLocal: boolean
  /** Whose session counts, if a browser brings some. */
  readonly realm: Realm
  /** False for paths that can't name anything: their answer is not-found. */
  readonly isPossiblePath: (params: PathParams) => boolean
  readonly readParams: ReturnType<typeof createTextReader>
  readonly readQuery: ReturnType<typeof createTextReader>
  readonly checkQuery: Check
  readonly checkBody: Check
  readonly takesBody: boolean
  /** Whether a missing body is an empty object. */
  readonly bodyIsOptional: boolean
  readonly isCommand: boolean
  readonly status: 200 | 201 | 204
  /** Where a created thing can be read, if anywhere. */
  readonly locationOf: ((input: JsonObject, body: JsonObject) => string) | undefined
  readonly requestLimiter: RequestLimiter | undefined
  readonly missLimiter: MissLimiter | undefined
  readonly checkAnswer: Check | undefined
}

const statusOf = { created: 201, ok: 200, empty: 204 } as const
/** An operation that declares no query or body takes none: unknown keys are refused there too. */
const noKeys = Closed({})
const unprintable = /[\p{Cc}\p{Cs}]/u

export function createRoutePlans(
  operations: readonly Operation[],
  options: { budgets: SharedBudgets; validateAnswers: boolean },
): RoutePlan[] {
  const check = createSchemaChecks()
  return operations.map((operation) => {
    const policy = policyTable[operation.policy]
    const readParams = createTextReader(operation.params)
    const freeText = freeTextOf(operation.params)
    const checkParams = check(operation.params ?? noKeys, '/params')
    return {
      operation,
      needsToken: policy.needsToken,
      allows: allowsOf(operation),
      isLocal: policy.isLocal === true,
      realm: realmOf(operation),
      isPossiblePath: (params) =>
        checkParams(readParams(params)).length === 0 &&
        !freeText.some((key) => unprintable.test(params[key] ?? '')),
      readParams,
      readQuery: createTextReader(operation.query),
      checkQuery: check(operation.query ?? noKeys, '/query'),
      checkBody: check(operation.body ?? noKeys, '/body'),
      takesBody: operation.route[0] !== 'GET',
      bodyIsOptional: (operation.body?.required ?? []).length === 0,
      isCommand: operation.kind === 'command',
      status: statusOf[operation.answers],
      locationOf: locationOf(operation, operations),
      ...limitersOf(operation, options.budgets),
      checkAnswer:
        options.validateAnswers && operation.output ? check(operation.output, '/answer') : undefined,
    }
  })
}

function limitersOf({ name, requestsPerMinuteMax, missesPerMinuteMax }: Operation, budgets: SharedBudgets) {
  return {
    requestLimiter:
      requestsPerMinuteMax && new RequestLimiter(budgets.budget(`requests:${name}`, requestsPerMinuteMax)),
    missLimiter: missesPerMinuteMax && new MissLimiter(budgets.budget(`misses:${name}`, missesPerMinuteMax)),
  }
}

/** `POST /things` answers with `{id}`, and there is `GET /things/{id}`: then that is the location. */
function locationOf(operation: Operation, operations: readonly Operation[]): RoutePlan['locationOf'] {
  if (operation.answers !== 'created') return undefined
  const answered = propertiesOf(operation.output)
  const reader = operations.find(
    ({ route: [method, path] }) =>
      method === 'GET' &&
      path.startsWith(`${operation.route[1]}/{`) &&
      path.indexOf('/', operation.route[1].length + 1) === -1,
  )
  const path = reader?.route[1]
  const key = path === undefined ? undefined : pathParameters(path).at(-1)
  if (path === undefined || key === undefined || !answered.includes(key)) return undefined
  return (input, body) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(body[name] ?? input[name])))
}

/** Parameters that are any text: no database should have to see a NUL or half a character from them. */
function freeTextOf(schema: Operation['params']): string[] {
  const properties = Object.entries(schema?.properties ?? {})
  return properties
    .filter(([, value]) => !('format' in value) && !('pattern' in value) && !('enum' in value))
    .map(([key]) => key)
}

function propertiesOf(schema: Schema | undefined): string[] {
  if (schema === undefined || !('properties' in schema)) return []
  return Object.keys(schema.properties ?? {})
}
