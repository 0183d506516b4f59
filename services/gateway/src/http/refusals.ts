import { actorOf, type Caller, type ErrorCode } from '@matchday/contracts'
import type { Log } from '@matchday/kernel'
import type { FastifyRequest } from 'fastify'
import { statusTable } from './status-table.ts'

declare module 'fastify' {
  interface FastifyInstance {
    tellRefused: TellRefused
  }
}

/** Hears of every answer that is a problem. */
export type TellRefused = (request: FastifyRequest, code: ErrorCode) => void

/** Of what somebody may not, and of what no client of ours sends. */
const toldStatuses: ReadonlySet<number> = new Set([400, 401, 403, 408, 413, 415, 422, 429])

/**
 * For whoever has to find out who tried what he may not: who it was, as far as that was known by then, and what he
 * wanted; nothing that he typed.
 */
export function createRefusalLog(log: Log): TellRefused {
  return (request, code) => {
    // Nobody's before it is known whose it is.
    const caller: Caller | undefined = request.caller
    const isHidden = code === 'not-found' && caller !== undefined && caller.kind !== 'anyone'
    if (!isHidden && !toldStatuses.has(statusTable[code])) return
    const { id: requestId, method, routeOptions } = request
    log.info(
      {
        requestId,
        method,
        route: routeOptions.url ?? null,
        code,
        by: caller?.kind ?? null,
        actor: caller === undefined ? null : actorOf(caller),
      },
      'refused',
    )
  }
}
