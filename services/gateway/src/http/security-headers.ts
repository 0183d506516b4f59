/**
 * What browsers are told about our answers. Answers of the API are data: nothing may be loaded by them. Pages
 * load their own scripts, styles and pictures only; `connect-src 'self'` covers the WebSocket of the same
 * host too.
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const securityHeaders = {
  /** On everything. */
  answer: {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // No page of somebody else takes it for a picture or a script of its own.
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  },
  /** On what came encrypted: for a year, a browser comes by https only, whatever link it follows. */
  encrypted: { 'strict-transport-security': 'max-age=31536000' },
  /** On pages, in place of the above. */
  page: {
    'content-security-policy': pagePolicy,
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-cache',
  },
} as const
