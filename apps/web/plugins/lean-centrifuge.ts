import type { Plugin } from 'vite'

/**
 * What the Centrifuge client brings for browsers without WebSockets, and for messages that are sent as differences.
 * Matchday's server speaks neither, and a phone in a crowded hall should not load them.
 */
const unused = [
  'class SockjsTransport',
  'class ReplyStreamBuffer',
  'class LineStreamBuffer',
  'class HttpStreamTransport',
  'class SseTransport',
  'class WebtransportTransport',
  'class Reader',
  'class Writer',
  'function checksum(arr)',
  'function applyDelta(source, delta)',
] as const

/** Empties these in the build. A version that has them no longer, or written otherwise, stops it. */
export function leanCentrifuge(): Plugin {
  return {
    name: 'matchday-lean-centrifuge',
    apply: 'build',
    transform: {
      filter: { id: /node_modules\/centrifuge\/build\/index\.mjs/ },
      handler: (code) => ({ code: unused.reduce(emptied, code), map: null }),
    },
  }
}

/** Top-level declarations of that file end with the first brace in the first column. */
function emptied(code: string, declaration: string): string {
  const start = code.indexOf(`\n${declaration} {`)
  const end = code.indexOf('\n}', start)
  if (start < 0 || end < 0) throw new Error(`centrifuge has no longer: ${declaration}`)
  return `${code.slice(0, start)}\n${declaration} {${code.slice(end)}`
}
