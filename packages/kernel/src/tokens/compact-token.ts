/** The protected header and the claims of a signed token. Nothing in them is checked yet. */
export type CompactToken = {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Header, claims, and the 64 bytes of an Ed25519 signature. */
const compactForm = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/

/**
 * What a token in compact form says (RFC 7515), or null. Only its one spelling is read: no white space, no padding, no
 * bits that base64url leaves over. A token that reads otherwise than it was signed is another token.
 */
export function readCompactToken(token: string, lengthMax: number): CompactToken | null {
  if (token.length > lengthMax) return null
  const [, head = '', body = '', signature = ''] = compactForm.exec(token) ?? []
  if (![head, body, signature].every(isCanonical)) return null
  const header = jsonObject(head)
  const claims = jsonObject(body)
  return header === null || claims === null ? null : { header, claims }
}

function isCanonical(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part
}

function jsonObject(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isRecord(parsed) ? parsed : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
