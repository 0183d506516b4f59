import {
  allOperations,
  channels,
  faultCodes,
  isId,
  nameProblem,
  type Operation,
  type OperationName,
  Problem,
  reasonProblem,
  rejectionCodes,
} from '@matchday/contracts'
import { Ajv, type ValidateFunction } from 'ajv'

/**
 * Looks at every answer with the contract's eyes. Independent of the gateway's own checks on purpose: what the edge
 * believes of itself proves nothing.
 */
const ajv = new Ajv({
  strict: true,
  allErrors: true,
  formats: {
    'uuid-v7': isId,
    'date-time': (text: string) => /Z$/.test(text) && !Number.isNaN(Date.parse(text)),
    'tournament-name': (text: string) => nameProblem(text, 'tournament') === undefined,
    'person-name': (text: string) => nameProblem(text, 'person') === undefined,
    'team-name': (text: string) => nameProblem(text, 'team') === undefined,
    reason: (text: string) => reasonProblem(text) === undefined,
  },
})

const isProblem = ajv.compile(Problem)
const outputs = new Map<OperationName, ValidateFunction>()
for (const operation of operationEntries()) {
  if (operation.output) outputs.set(operation.name, ajv.compile(operation.output))
}
const eventData = new Map<string, ValidateFunction>(
  Object.entries(channels.tournament.events.schemas).map(([type, schema]) => [type, ajv.compile(schema)]),
)

function operationEntries(): readonly Operation[] {
  return Object.values(allOperations)
}

/** Codes that the edge may give to any request, whatever its operation declares. */
const anywhere = new Set<string>([...Object.keys(faultCodes), 'invalid-input', 'not-allowed', 'not-found'])
const successStatus = { created: 201, ok: 200, empty: 204 } as const

export type Seen = { status: number; headers: Headers; text: string }

/** What is wrong with an answer; empty when nothing is. */
export function breaches(name: OperationName, { status, headers, text }: Seen): readonly string[] {
  const operation: Operation = allOperations[name]
  if (status === 304) return operation.versioned && text === '' ? [] : [`${name}: unexpected 304`]
  if (status >= 400) return problemBreaches({ status, headers, text }, declaredBy(operation))
  const found: string[] = []
  const wanted = successStatus[operation.answers]
  if (status !== wanted) found.push(`${name}: status ${status}, the contract says ${wanted}`)
  if (operation.versioned && !/^"\d+"$/.test(headers.get('etag') ?? '')) found.push(`${name}: no ETag`)
  if (headers.get('x-request-id') === null) found.push(`${name}: no x-request-id`)
  const validate = outputs.get(name)
  if (!validate) return text === '' ? found : [...found, `${name}: a body where none belongs`]
  if (!headers.get('content-type')?.startsWith('application/json')) found.push(`${name}: not JSON`)
  const body: unknown = JSON.parse(text)
  if (!validate(body)) found.push(`${name}: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 500)}`)
  return found
}

/** What is wrong with an error's document. `declared`: the codes that are expected; all of the catalogue when not given. */
export function problemBreaches(
  { status, headers, text }: Seen,
  declared?: ReadonlySet<string>,
): readonly string[] {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return [`${status}: not JSON: ${text.slice(0, 200)}`]
  }
  if (!isProblem(body))
    return [`${status}: ${ajv.errorsText(isProblem.errors)} in ${JSON.stringify(body).slice(0, 300)}`]
  const { code, requestId } = body
  const found: string[] = []
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    found.push(`${code}: content type ${headers.get('content-type')}`)
  if (body.status !== status) found.push(`${code}: says ${body.status}, is ${status}`)
  if (!(code in rejectionCodes) && !(code in faultCodes)) found.push(`${code}: not in the catalogue`)
  if (declared && !declared.has(code) && !anywhere.has(code)) found.push(`${code}: not declared`)
  if (requestId !== headers.get('x-request-id')) found.push(`${code}: requestId is not x-request-id`)
  if ([429, 503, 504].includes(status) && !/^\d+$/.test(headers.get('retry-after') ?? ''))
    found.push(`${code}: no Retry-After`)
  return found
}

function declaredBy(operation: Operation): ReadonlySet<string> {
  const { rejections, missesPerMinuteMax, requestsPerMinuteMax } = operation
  // The edge says so of whatever it bounds.
  const isBounded = missesPerMinuteMax !== undefined || requestsPerMinuteMax !== undefined
  return new Set<string>(isBounded ? [...rejections, 'too-many-requests'] : rejections)
}

/** What is wrong with a live publication: `{type, version, at, …data}` of the catalogue. */
export function publicationBreaches(publication: Readonly<Record<string, unknown>>): readonly string[] {
  const { type, version, at, ...data } = publication
  const validate = typeof type === 'string' ? eventData.get(type) : undefined
  if (!validate) return [`unknown publication ${String(type)}`]
  const found: string[] = []
  if (!Number.isInteger(version)) found.push(`${type}: version ${String(version)}`)
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at))) found.push(`${type}: at ${String(at)}`)
  if (!validate(data)) found.push(`${type}: ${ajv.errorsText(validate.errors)}`)
  return found
}
