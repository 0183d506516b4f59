import {
  type BadRequest,
  everywhere,
  type Outcome,
  pathOf,
  requestBytes,
  type Target,
} from './bad-request.ts'

type Wire = readonly [text: (target: Target) => string, ...outcomes: Outcome[]]

const unreadable = ['unreadable-request', 'closed'] as const
const host = 'Host: localhost\r\nConnection: close\r\n'
const chunked = 'Transfer-Encoding: chunked\r\n\r\n'
const json = 'Content-Type: application/json\r\n'
const line = (target: Target, version = 'HTTP/1.1') =>
  `${target.operation.route[0]} ${pathOf(target)} ${version}\r\n`

/** Bytes that are not quite HTTP/1.1, after RFC 9112 and the tricks of request smuggling. */
const wires: Record<string, Wire> = {
  'a length and chunks': [
    (target) => `${line(target)}${host}Content-Length: 4\r\n${chunked}0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    ...unreadable,
  ],
  'two lengths': [
    (target) => `${line(target)}${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `,
    ...unreadable,
  ],
  'a negative length': [(target) => `${line(target)}${host}Content-Length: -1\r\n\r\n`, ...unreadable],
  'a length in words': [(target) => `${line(target)}${host}Content-Length: two\r\n\r\n{}`, ...unreadable],
  'a length with a plus': [(target) => `${line(target)}${host}Content-Length: +2\r\n\r\n{}`, ...unreadable],
  'an unknown transfer coding': [
    (target) => `${line(target)}${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    ...unreadable,
  ],
  'chunks with a bad size': [
    (target) => `${line(target)}${host}${json}${chunked}zz\r\n{}\r\n0\r\n\r\n`,
    ...unreadable,
    // Refused before the body was looked at.
    'not-authenticated',
    'passed-on',
  ],
  'chunk extensions without end': [
    (target) => `${line(target)}${host}${json}${chunked}2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    ...unreadable,
    'not-authenticated',
    'passed-on',
  ],
  'line feeds alone': [(target) => `${line(target)}${host}\n`.replaceAll('\r\n', '\n'), ...unreadable],
  'a space before the colon': [(target) => `${line(target)}${host}X-A : b\r\n\r\n`, ...unreadable],
  'a folded header': [(target) => `${line(target)}${host}X-A: b\r\n c\r\n\r\n`, ...unreadable, 'passed-on'],
  'a NUL in a header': [(target) => `${line(target)}${host}X-A: b\u0000c\r\n\r\n`, ...unreadable],
  'a NUL in the path': [() => `GET /api/\u0000 HTTP/1.1\r\n${host}\r\n`, ...unreadable],
  'a raw Latin-1 byte in the path': [() => `GET /api/\u00ff HTTP/1.1\r\n${host}\r\n`, ...unreadable],
  'two hosts': [
    (target) => `${line(target)}${host}Host: evil.example\r\n\r\n`,
    ...unreadable,
    'passed-on',
    'not-authenticated',
  ],
  'no host': [(target) => `${line(target)}Connection: close\r\n\r\n`, ...unreadable],
  // Without headers, so without a token.
  'HTTP/0.9': [
    (target) => `GET ${pathOf(target)}\r\n\r\n`,
    'passed-on',
    'not-authenticated',
    'method-not-allowed',
    'closed',
  ],
  'HTTP/9.9': [(target) => `${line(target, 'HTTP/9.9')}${host}\r\n`, ...unreadable],
  'the preface of HTTP/2': [() => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', ...unreadable],
  'a TLS hello': [() => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', ...unreadable],
  'an unknown method': [(target) => `FETCH ${pathOf(target)} HTTP/1.1\r\n${host}\r\n`, ...unreadable],
  'a method in lower case': [(target) => `get ${pathOf(target)} HTTP/1.1\r\n${host}\r\n`, ...unreadable],
  TRACE: [(target) => `TRACE ${pathOf(target)} HTTP/1.1\r\n${host}\r\n`, 'method-not-allowed'],
  CONNECT: [() => `CONNECT localhost:22 HTTP/1.1\r\n${host}\r\n`, 'closed'],
  'OPTIONS of everything': [() => `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 'unknown-route'],
  'a path of 10 KiB': [
    () => `GET /api/${'a'.repeat(10_240)} HTTP/1.1\r\n${host}\r\n`,
    'unknown-route',
    'not-found',
  ],
  'dots in the path': [() => `GET /api/../../etc/passwd HTTP/1.1\r\n${host}\r\n`, 'unknown-route'],
  'encoded dots in the path': [() => `GET /..%2f..%2fetc%2fpasswd HTTP/1.1\r\n${host}\r\n`, 'unknown-route'],
  'a path without a slash': [() => `GET api HTTP/1.1\r\n${host}\r\n`, ...unreadable, 'unknown-route'],
  'a double slash': [() => `GET //evil.example/%2e%2e HTTP/1.1\r\n${host}\r\n`, 'unknown-route'],
}

export const badWires: readonly BadRequest[] = [
  ...Object.entries(wires).map(
    ([name, [text, ...outcomes]]): BadRequest => ({
      name: `wire: ${name}`,
      appliesTo: everywhere,
      bytes: (target) => Buffer.from(text(target), 'latin1'),
      outcomes,
    }),
  ),
  {
    name: 'wire: the absolute form, which is allowed',
    appliesTo: everywhere,
    bytes: (target) => requestBytes(target, { path: `http://evil.example${pathOf(target)}` }),
    outcomes: ['passed-on'],
  },
  {
    name: 'wire: HTTP/1.0',
    appliesTo: everywhere,
    bytes: (target) => requestBytes(target, { version: '1.0' }),
    outcomes: ['passed-on'],
  },
]
