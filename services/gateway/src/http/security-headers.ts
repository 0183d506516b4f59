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
  // No text becomes a script, whatever a bug may do with it; the one policy gives out the service worker's address.
  "require-trusted-types-for 'script'",
  'trusted-types matchday',
].join('; ')

/** What no page of ours does, so that nothing that got into one can. */
const unusedFeatures = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'serial',
  'usb',
  'xr-spatial-tracking',
]

export const securityHeaders = {
  /** On everything. */
  answer: {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  },
  /** On what came encrypted: for a year, a browser comes by https only, whatever link it follows. */
  encrypted: { 'strict-transport-security': 'max-age=31536000' },
  /** On pages, in place of the above. */
  page: {
    'content-security-policy': pagePolicy,
    'permissions-policy': unusedFeatures.map((feature) => `${feature}=()`).join(', '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-cache',
  },
} as const
