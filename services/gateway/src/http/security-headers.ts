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
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // No text becomes a script, whatever a bug may do with it; the one policy gives out the service worker's address.
  "require-trusted-types-for 'script'",
  'trusted-types matchday',
].join('; ')

/**
 * What may be kept by whoever asked. What anybody may read: until it is asked for anew, which costs nothing when it is
 * the same. What is told to somebody: not at all, for the next one at this device is somebody else.
 */
export const keeping = { anyone: 'private, no-cache', somebody: 'no-store' } as const
/** What no page of ours does, so that nothing that got into one can. */
const unusedFeatures = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
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
    'content-security-policy':
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': keeping.somebody,
  },
  /** On what came encrypted: for a year, a browser comes by https only, here and below, whatever link it follows. */
  encrypted: { 'strict-transport-security': 'max-age=31536000; includeSubDomains' },
  /** On pages, in place of the above. */
  page: {
    'content-security-policy': pagePolicy,
    // Where a device is, only our own pages may ask: when an organiser wants his event to be there.
    'permissions-policy': [...unusedFeatures.map((feature) => `${feature}=()`), 'geolocation=(self)'].join(
      ', ',
    ),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-cache',
  },
  /**
   * On what pages are made of, which is no page itself: the strict policy of answers does, and a phone in a crowded
   * hall is spared the long ones with each file. What is named by its content never changes.
   */
  asset: {
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'public, max-age=31536000, immutable',
  },
} as const
