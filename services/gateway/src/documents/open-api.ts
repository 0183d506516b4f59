import {
  type ErrorCode,
  faultCodes,
  type Operation,
  Problem,
  policies,
  realmOf,
  realms,
  rejectionCodes,
} from '@matchday/contracts'
import { policyTable } from '../http/policy-table.ts'
import { problem, problemType } from '../http/problem.ts'
import { retryableCodes } from '../http/status-table.ts'
import { cookieName } from '../sessions/session-cookies.ts'
import { type Components, createComponents, type JsonSchema } from './components.ts'
import { type ExampleValue, exampleOf } from './example.ts'
import { codesByStatus } from './operation-codes.ts'

export type OpenApiParameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
}
type Content = { [mediaType: string]: { schema: JsonSchema; example?: ExampleValue } }
export type OpenApiResponse = {
  description: string
  headers?: { [name: string]: { $ref: string } }
  content?: Content
  /** The codes that this status can mean. */
  'x-codes'?: ErrorCode[]
}
export type OpenApiOperation = {
  operationId: string
  summary: string
  tags: string[]
  /** Who may call it, in a word and in a sentence. */
  'x-policy': string
  'x-policy-meaning': string
  /** Carries secrets or personal data. */
  'x-private'?: true
  /** One of these, or none of them where one is empty; of a key, the scope that it needs. */
  security: { [scheme: string]: string[] }[]
  parameters: OpenApiParameter[]
  requestBody?: { required: boolean; content: Content }
  responses: { [status: string]: OpenApiResponse }
}
export type OpenApiDocument = {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } }
  servers: { url: string }[]
  tags: { name: string }[]
  paths: { [path: string]: { [method: string]: OpenApiOperation } }
  components: JsonSchema
}

const description = `Every change may carry an \`Idempotency-Key\`: the same key again gets the stored answer,
the same key with other content gets 422 \`request-id-reused\`. Make it at random, as a UUID is: of a change that nobody
had to sign in for, whoever knows the key and all of the content gets the answer again, its token too. Every answer
carries \`x-request-id\`, which stands for the key where there is none.
Errors are problem documents (RFC 9457); their \`code\` is stable, their texts are not.

Who calls is said by \`Authorization: Bearer …\`, with one of three: a **pass**, which makes its holder the organiser
or a player of one tournament; the **access token** of an account, for ten minutes, then renewed; a **key** of an
organisation, \`mdk_…\`, for programs, good for what its scopes name and nothing else. Pages of Matchday itself have
the tokens of a session in cookies instead; a change then needs their own \`Origin\`. What somebody may do in an
organisation is not in his token, and counts at once when it changes.

Policies:

${Object.entries(policies)
  .map(([name, meaning]) => `- \`${name}\`: ${meaning}.`)
  .join('\n')}`

const securitySchemes = {
  token: { type: 'http', scheme: 'bearer', description: 'A pass, or the access token of an account' },
  key: { type: 'http', scheme: 'bearer', bearerFormat: 'mdk_…', description: 'A key of an organisation' },
  ...Object.fromEntries(
    realms.map((realm) => [
      `${realm}Session`,
      {
        type: 'apiKey',
        in: 'cookie',
        name: cookieName(realm, 'access', 'encrypted'),
        description: `A browser’s session (${realm}). For pages of Matchday itself`,
      },
    ]),
  ),
} as const

const text: JsonSchema = { type: 'string' }
const clientId: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' }
const responseHeaders = {
  'x-request-id': { description: 'Names this request in logs', schema: text },
  'retry-after': { description: 'Seconds to wait', schema: { type: 'integer' } },
  etag: { description: 'The version in quotes', schema: text },
  location: { description: 'Where the new thing is', schema: text },
} as const
type HeaderName = keyof typeof responseHeaders

/** The OpenAPI 3.1 document of these operations. */
export function openApiDocument(operations: readonly Operation[], version: string): OpenApiDocument {
  const components = createComponents()
  const problemSchema = components.refer(Problem)
  const paths: OpenApiDocument['paths'] = {}
  for (const operation of operations) {
    const [method, path] = operation.route
    const item = paths[path] ?? {}
    item[method.toLowerCase()] = openApiOperation(operation, components, problemSchema)
    paths[path] = item
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Matchday', version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ service }) => service))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      headers: responseHeaders,
      securitySchemes,
    },
  }
}

function openApiOperation(
  operation: Operation,
  components: Components,
  problemSchema: JsonSchema,
): OpenApiOperation {
  return {
    operationId: operation.name,
    summary: operation.summary,
    tags: [operation.service],
    'x-policy': operation.policy,
    'x-policy-meaning': policies[operation.policy],
    ...(operation.private ? { 'x-private': true } : {}),
    security: securityOf(operation),
    parameters: [
      ...schemaParameters('path', operation.params, components),
      ...schemaParameters('query', operation.query, components),
      ...headerParameters(operation),
    ],
    ...(operation.body === undefined ? {} : { requestBody: requestBody(operation.body, components) }),
    responses: {
      ...successResponses(operation, components),
      ...Object.fromEntries(
        codesByStatus(operation).map(([status, codes]) => [status, problemResponse(codes, problemSchema)]),
      ),
    },
  }
}

/** Ways to say who one is. Where no token is needed, one may still be sent. */
function securityOf({ policy, scope, ...operation }: Operation): { [scheme: string]: string[] }[] {
  const { needsToken } = policyTable[policy]
  const takesSession = !['player', 'self', 'local'].includes(policy)
  return [
    ...(needsToken ? [] : [{}]),
    { token: [] },
    ...(takesSession ? [{ [`${realmOf({ policy, ...operation })}Session`]: [] }] : []),
    ...(scope === undefined ? [] : [{ key: [scope] }]),
  ]
}

function schemaParameters(
  place: 'path' | 'query',
  schema: Operation['params'],
  components: Components,
): OpenApiParameter[] {
  const required: readonly string[] = schema?.required ?? []
  return Object.entries(schema?.properties ?? {}).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: components.refer(value),
  }))
}

function headerParameters(operation: Operation): OpenApiParameter[] {
  const parameters: OpenApiParameter[] = []
  const add = (name: string, isRequired: boolean, explanation: string, schema = text) =>
    parameters.push({ name, in: 'header', required: isRequired, description: explanation, schema })
  if (operation.kind === 'command') {
    add('Idempotency-Key', false, 'The same key again gets the stored answer', clientId)
  }
  if (operation.expectedVersion !== undefined) {
    add('If-Match', operation.expectedVersion === 'required', 'The version that you saw, such as "7"')
  }
  if (operation.versioned === true && operation.kind === 'query') {
    add('If-None-Match', false, 'The version that you hold; 304 when it is still the latest')
  }
  add('x-request-id', false, 'Your own id for this request; made when missing', clientId)
  return parameters
}

function requestBody(schema: NonNullable<Operation['body']>, components: Components) {
  return {
    required: (schema.required ?? []).length > 0,
    content: { 'application/json': { schema: components.refer(schema), example: exampleOf(schema) } },
  }
}

function successResponses(
  operation: Operation,
  components: Components,
): { [status: string]: OpenApiResponse } {
  const versioned = operation.versioned === true
  const headers = headerReferences('x-request-id', ...(versioned ? (['etag'] as const) : []))
  const { output } = operation
  switch (operation.answers) {
    case 'empty':
      return { 204: { description: 'Done', headers } }
    case 'created':
    case 'ok': {
      const content: Content = output ? { 'application/json': { schema: components.refer(output) } } : {}
      if (operation.answers === 'created') {
        const withLocation = { ...headers, ...headerReferences('location') }
        return { 201: { description: 'Created', headers: withLocation, content } }
      }
      const isCached = versioned && operation.kind === 'query'
      return {
        200: { description: 'Done', headers, content },
        ...(isCached ? { 304: { description: 'The version that you hold is the latest', headers } } : {}),
      }
    }
    default:
      return operation.answers satisfies never
  }
}

function problemResponse(codes: ErrorCode[], problemSchema: JsonSchema): OpenApiResponse {
  const titles: Record<ErrorCode, string> = { ...rejectionCodes, ...faultCodes }
  const isRetryable = codes.some((code) => retryableCodes.has(code))
  const code = { type: 'string', enum: codes }
  const example: ExampleValue = problem(codes[0] ?? 'internal', '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15')
  return {
    description: codes.map((each) => `\`${each}\`: ${titles[each]}`).join('\n\n'),
    headers: headerReferences('x-request-id', ...(isRetryable ? (['retry-after'] as const) : [])),
    content: {
      [problemType]: {
        schema: { allOf: [problemSchema, { type: 'object', properties: { code } }] },
        example,
      },
    },
    'x-codes': codes,
  }
}

function headerReferences(...names: HeaderName[]): { [name: string]: { $ref: string } } {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
