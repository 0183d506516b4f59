import { gzipSync } from 'node:zlib'
import {
  type BadRequest,
  goodBody,
  isCommand,
  needsBody,
  type Outcome,
  requestBytes,
  takesBody,
} from './bad-request.ts'

const kibibyte = 1_024
const bodyBytesMax = 64 * kibibyte

/** Whole bodies that no contract accepts, by what must come back. */
const texts: Record<string, readonly [text: string | Buffer, ...outcomes: Outcome[]]> = {
  null: ['null', 'invalid-input'],
  'a list': ['[]', 'invalid-input'],
  'a text': ['"x"', 'invalid-input'],
  'a number': ['0', 'invalid-input'],
  'a boolean': ['true', 'invalid-input'],
  'white space only': ['  \n ', 'unreadable-request'],
  'half an object': ['{', 'unreadable-request'],
  'single quotes': ["{'a':1}", 'unreadable-request'],
  'a comma too many': ['{"a":1,}', 'unreadable-request'],
  'a comment': ['{/**/}', 'unreadable-request'],
  'two documents': ['{}{}', 'unreadable-request'],
  'NaN for a number': ['{"limit":NaN}', 'unreadable-request'],
  'a raw NUL': ['{"a":"\u0000"}', 'unreadable-request'],
  'a byte order mark': [Buffer.from([0xef, 0xbb, 0xbf, 0x7b]), 'unreadable-request'],
  'a broken UTF-8 sequence': [utf8Hole(0xc3, 0x28), 'unreadable-request'],
  'an overlong UTF-8 sequence': [utf8Hole(0xc0, 0xaf), 'unreadable-request'],
  'a surrogate in UTF-8': [utf8Hole(0xed, 0xa0, 0x80), 'unreadable-request'],
  'UTF-16': [Buffer.from('{"name":"a"}', 'utf16le'), 'unreadable-request'],
  'the key __proto__': ['{"__proto__":{"admin":true}}', 'unreadable-request'],
  'the key __proto__, escaped': ['{"\\u005f_proto__":{"admin":true}}', 'unreadable-request'],
  'the keys constructor.prototype': ['{"constructor":{"prototype":{"admin":true}}}', 'unreadable-request'],
  'the key constructor': ['{"constructor":1}', 'invalid-input'],
  'the key toString': ['{"toString":"x"}', 'invalid-input'],
  'the key hasOwnProperty': ['{"hasOwnProperty":"x"}', 'invalid-input'],
  'the empty key': ['{"":1}', 'invalid-input'],
  'a pointer for a key': ['{"a/b~c":1}', 'invalid-input'],
  'a thousand unknown keys': [manyKeys(1_000), 'invalid-input'],
  '30,000 brackets, open': ['['.repeat(30_000), 'unreadable-request'],
  '30,000 lists in each other': [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'invalid-input'],
  '10,000 objects in each other': [`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'invalid-input'],
  'a list of 30,000': [`[${'0,'.repeat(30_000)}0]`, 'invalid-input'],
  'names that are a list of 30,000': [`{"teams":{"names":[${'0,'.repeat(30_000)}0]}}`, 'invalid-input'],
  'one byte more than allowed': [
    `{"a":"${'x'.repeat(bodyBytesMax + 1 - 8)}"}`,
    'payload-too-large',
    'closed',
  ],
  '10^5 brackets': ['['.repeat(100_000), 'payload-too-large', 'closed'],
  'a text of 1 MiB': [JSON.stringify('x'.repeat(kibibyte * kibibyte)), 'payload-too-large', 'closed'],
}

const contentTypes: Record<string, string | false> = {
  none: false,
  empty: '',
  text: 'text/plain',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data; boundary=x',
  XML: 'application/xml',
  'JSON in UTF-7': 'application/json; charset=utf-7',
  'JSON in UTF-16': 'application/json; charset=utf-16le',
  nonsense: 'application',
  'two types': 'text/plain, application/json',
  'JSON by suffix': 'application/vnd.api+json',
}

export const badBodies: readonly BadRequest[] = [
  {
    name: 'no body where one is needed',
    appliesTo: needsBody,
    bytes: (target) => requestBytes(target, { body: '' }),
    outcomes: ['unreadable-request'],
  },
  {
    name: 'an empty body with a type',
    appliesTo: needsBody,
    bytes: (target) => requestBytes(target, { body: '', headers: [['content-type', 'application/json']] }),
    outcomes: ['unreadable-request'],
  },
  ...Object.entries(texts).map(
    ([name, [body, ...outcomes]]): BadRequest => ({
      name: `body: ${name}`,
      appliesTo: takesBody,
      bytes: (target) => requestBytes(target, { body }),
      outcomes,
    }),
  ),
  ...Object.entries(contentTypes).map(
    ([name, contentType]): BadRequest => ({
      name: `content type: ${name}`,
      appliesTo: needsBody,
      bytes: (target) => requestBytes(target, { contentType }),
      outcomes: ['unsupported-media-type'],
    }),
  ),
  {
    name: 'a key twice: the last one counts',
    appliesTo: (operation) => takesBody(operation) && Object.keys(goodBody(operation)).length > 0,
    bytes: (target) => {
      const text = JSON.stringify(goodBody(target.operation))
      return requestBytes(target, { body: `${text.slice(0, -1)},${text.slice(1)}` })
    },
    outcomes: ['passed-on'],
  },
  {
    name: 'a compressed body',
    appliesTo: needsBody,
    bytes: (target) =>
      requestBytes(target, {
        body: gzipSync(Buffer.alloc(10 * kibibyte * kibibyte)),
        headers: [['content-encoding', 'gzip']],
      }),
    outcomes: ['unsupported-media-type'],
  },
  {
    name: 'the path and a policy from the body',
    appliesTo: isCommand,
    bytes: (target) => {
      const body = { ...goodBody(target.operation), playerId: 'x', policy: 'anyone' }
      return requestBytes(target, { body: JSON.stringify(body) })
    },
    outcomes: ['invalid-input'],
  },
]

/** A JSON text with some bytes in it that are no UTF-8. */
function utf8Hole(...bytes: number[]): Buffer {
  return Buffer.concat([Buffer.from('{"name":"'), Buffer.from(bytes), Buffer.from('"}')])
}

function manyKeys(count: number): string {
  return JSON.stringify(
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index])),
  )
}
