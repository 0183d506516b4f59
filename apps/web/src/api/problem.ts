import type { ErrorCode, Problem } from '@matchday/contracts'

/** An answer that says no: its code tells why. Codes are public; texts come from the language catalogue. */
export type Rejection = Omit<Problem, 'code'> & { code: ErrorCode }

/** No usable answer within the deadline, or a fault of the server. Whether anything was done is unknown. */
export class ApiFault extends Error {
  readonly code: ErrorCode | 'network'
  readonly retryable: boolean
  readonly requestId: string

  constructor(code: ErrorCode | 'network', retryable: boolean, requestId: string) {
    super(code)
    this.name = 'ApiFault'
    this.code = code
    this.retryable = retryable
    this.requestId = requestId
  }
}

/** Reads an RFC 9457 document; anything else (a proxy's page) becomes `fallback`. */
export function readProblem(
  reply: { status: number; headers: Headers; text: string },
  fallback: ErrorCode,
): Rejection {
  try {
    const document: unknown = JSON.parse(reply.text)
    if (isProblem(document)) return document
  } catch {
    // Not JSON: the fallback says all that is known.
  }
  const requestId = reply.headers.get('x-request-id') ?? ''
  return { type: `/problems/${fallback}`, title: fallback, status: reply.status, code: fallback, requestId }
}

function isProblem(document: unknown): document is Rejection {
  return (
    typeof document === 'object' &&
    document !== null &&
    'code' in document &&
    typeof document.code === 'string' &&
    'status' in document
  )
}
