import type { BadRequest } from './bad-request.ts'
import { badBodies } from './bodies.ts'
import { badHeads } from './heads.ts'
import { badValues } from './values.ts'
import { badWires } from './wire.ts'

export * from './bad-request.ts'
export * from './exchange.ts'

/** Everything to try against every route: no 5xx, no crash, and a clear code each time. */
export const badRequests: readonly BadRequest[] = [...badBodies, ...badValues, ...badHeads, ...badWires]
