import type { Operation } from '@matchday/contracts'
import {
  type BadRequest,
  everywhere,
  type HeaderLines,
  isCommand,
  needsVersion,
  type Outcome,
  pathOf,
  requestBytes,
  takesBody,
} from './bad-request.ts'

type Head = readonly [headers: HeaderLines, ...outcomes: Outcome[]]

const onCommands: Record<string, Head> = {
  'an empty idempotency key': [[['idempotency-key', '']], 'invalid-input'],
  'an idempotency key of 256 characters': [[['idempotency-key', 'k'.repeat(256)]], 'invalid-input'],
  'an idempotency key with a space': [[['idempotency-key', 'a b']], 'invalid-input'],
  'an idempotency key in Latin-1': [[['idempotency-key', 'sch\u00f6n']], 'invalid-input'],
  'two idempotency keys': [
    [
      ['idempotency-key', 'a'],
      ['idempotency-key', 'b'],
    ],
    'invalid-input',
  ],
}

const onVersioned: Record<string, Head> = {
  'If-Match: *': [[['if-match', '*']], 'invalid-input'],
  'If-Match: empty': [[['if-match', '']], 'invalid-input'],
  'If-Match: a word': [[['if-match', '"abc"']], 'invalid-input'],
  'If-Match: negative': [[['if-match', '"-1"']], 'invalid-input'],
  'If-Match: a list': [[['if-match', '"1", "2"']], 'invalid-input'],
  'If-Match: 10^30': [[['if-match', `"1${'0'.repeat(30)}"`]], 'invalid-input'],
  'If-Match: open quotes': [[['if-match', '"1']], 'invalid-input'],
}

const onAll: Record<string, Head> = {
  'a method override': [[['x-http-method-override', 'DELETE']], 'passed-on'],
  'an absurd Accept': [[['accept', `${'a/b;q=0.1,'.repeat(500)}*/*`]], 'passed-on'],
  'a foreign Origin': [[['origin', 'https://evil.example']], 'passed-on'],
  'Origin: null': [[['origin', 'null']], 'passed-on'],
  'a spoofed forwarding': [
    [
      ['x-forwarded-for', '127.0.0.1, ::1, <script>'],
      ['x-forwarded-host', 'evil.example'],
      ['forwarded', 'for=127.0.0.1'],
    ],
    'passed-on',
  ],
  'cookies of 8 KiB': [[['cookie', `a=${'x'.repeat(8_192)}; a=2; __Host-a=1; Domain=evil`]], 'passed-on'],
  'a request id that cannot be kept': [[['x-request-id', 'a b\u00e9']], 'passed-on'],
  'a request id of 10 KiB': [[['x-request-id', 'r'.repeat(10_240)]], 'passed-on'],
  'a malformed trace': [[['traceparent', '00-zz-zz-00']], 'passed-on'],
  'an unknown expectation': [[['expect', 'a miracle']], 'passed-on'],
  '500 headers': [Array.from({ length: 500 }, (_, index) => [`h${index}`, 'v'] as const), 'passed-on'],
  'one header of 20 KiB': [[['x-large', 'x'.repeat(20 * 1_024)]], 'unreadable-request', 'closed'],
  '2,000 headers': [
    Array.from({ length: 2_000 }, (_, index) => [`header-${index}`, 'v'] as const),
    'unreadable-request',
    'closed',
  ],
}

const badTokens: Record<string, string> = {
  'another scheme': 'Basic YTpi',
  'a scheme alone': 'Bearer',
  'a scheme and spaces': 'Bearer   ',
  nothing: '',
  'two tokens': 'Bearer a b',
  'no token at all': 'Bearer null',
  'alg none': 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
  'Latin-1': 'Bearer \u00e9\u00e9',
  '10 KiB': `Bearer ${'t'.repeat(10 * 1_024)}`,
}

/** Ids that cannot be ids; in a path each names nothing. */
const badIds: Record<string, readonly [id: string, ...outcomes: Outcome[]]> = {
  'a word': ['x', 'not-found'],
  'the word __proto__': ['__proto__', 'not-found'],
  'the word constructor': ['constructor', 'not-found'],
  'a UUID of version 4': ['9b2f4c8e-1d3a-4f5b-8c7d-6e5f4a3b2c1d', 'not-found'],
  'upper case': ['01A1F0C2-9D5E-7B3A-8C41-2F6E0D9B7A15', 'not-found'],
  '300 characters': ['a'.repeat(300), 'not-found'],
  'a NUL': ['%00', 'not-found'],
  'a line break': ['%0d%0aset-cookie:%20a=b', 'not-found'],
  'an encoded slash': ['..%2f..%2fetc%2fpasswd', 'not-found'],
  'an encoded backslash': ['..%5c..%5cetc', 'not-found'],
  'twice encoded': ['%252e%252e%252f', 'not-found'],
  'a semicolon': [';admin=true', 'not-found'],
  'a star': ['*', 'not-found'],
  'a brace': ['{id}', 'not-found'],
  'broken percent encoding': ['%zz', 'unreadable-request'],
  'broken UTF-8': ['%ff%fe', 'unreadable-request'],
  'an overlong slash': ['%c0%af', 'unreadable-request'],
}

const badQueries: Record<string, string> = {
  'an unknown key': 'page=-1',
  'limit=10^9': 'limit=1000000000',
  'limit=0': 'limit=0',
  'limit=1e1': 'limit=1e1',
  'limit= 5': 'limit=%205',
  'limit twice': 'limit=1&limit=2',
  'limit[]': 'limit[]=1',
  'a space in after': 'after=-1%20',
  'attempt=NaN': 'attempt=NaN',
  'the key __proto__': '__proto__=1',
  'a NUL for a key': '%00=1',
}

function hasIdInPath(operation: Operation): boolean {
  return Object.keys(operation.params?.properties ?? {}).some((name) => name !== 'code')
}

export const badHeads: readonly BadRequest[] = [
  ...headers(onCommands, isCommand),
  ...headers(onVersioned, needsVersion),
  ...headers(onAll, everywhere),
  ...Object.entries(badTokens).map(
    ([name, value]): BadRequest => ({
      name: `token: ${name}`,
      appliesTo: everywhere,
      bytes: (target) =>
        requestBytes({ ...target, token: undefined }, { headers: [['authorization', value]] }),
      outcomes: ['not-authenticated'],
    }),
  ),
  ...ids('id', hasIdInPath),
  // Any six characters may be a code; the service knows.
  ...ids('code', (operation) => operation.params?.properties.code !== undefined, 'passed-on'),
  ...Object.entries(badQueries).map(
    ([name, query]): BadRequest => ({
      name: `query: ${name}`,
      appliesTo: everywhere,
      bytes: (target) => requestBytes(target, { path: `${pathOf(target)}?${query}` }),
      outcomes: ['invalid-input'],
    }),
  ),
  {
    name: 'a slash at the end',
    appliesTo: everywhere,
    bytes: (target) => requestBytes(target, { path: `${pathOf(target)}/` }),
    // `…/join/` asks for the empty code.
    outcomes: ['unknown-route', 'not-found', 'method-not-allowed'],
  },
  {
    name: 'upper case in the path',
    appliesTo: everywhere,
    bytes: (target) => requestBytes(target, { path: pathOf(target).replace('/api/', '/API/') }),
    outcomes: ['unknown-route'],
  },
  {
    name: 'a version that is missing',
    appliesTo: needsVersion,
    bytes: (target) => requestBytes(target, { headers: [['x-filler', 'if-match']] }),
    outcomes: ['passed-on'],
  },
  {
    name: 'a body on an operation that takes none',
    appliesTo: (operation) => takesBody(operation) && operation.body === undefined,
    bytes: (target) => requestBytes(target, { body: '{"force":true}' }),
    outcomes: ['invalid-input'],
  },
]

function headers(table: Record<string, Head>, appliesTo: BadRequest['appliesTo']): BadRequest[] {
  return Object.entries(table).map(([name, [lines, ...outcomes]]) => ({
    name: `header: ${name}`,
    appliesTo,
    bytes: (target) => requestBytes(target, { headers: lines }),
    outcomes,
  }))
}

function ids(kind: string, appliesTo: BadRequest['appliesTo'], ...others: Outcome[]): BadRequest[] {
  return Object.entries(badIds).map(([name, [id, ...outcomes]]) => ({
    name: `${kind}: ${name}`,
    appliesTo,
    bytes: (target) => {
      const params = Object.fromEntries(Object.keys(target.params).map((key) => [key, id]))
      return requestBytes(target, { path: pathOf({ ...target, params }) })
    },
    outcomes: [...outcomes, ...others],
  }))
}
