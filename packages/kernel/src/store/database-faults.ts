import pg from 'pg'
import { Fault } from '../fault.ts'

/**
 * SQLSTATE classes and codes after which the same call may succeed: connection (08), not enough resources
 * (53), operator intervention and time-outs (57), a transaction that lost against another (40), locks (55P03)
 * and a server that has become read-only for the moment (25006).
 */
const passing = /^(08|53|57|40)|^(55P03|25006)$/

export const sqlState = {
  uniqueViolation: '23505',
  deadlock: '40P01',
  serializationFailure: '40001',
} as const

/** The server's own code of an error, if it was the server that refused. */
export function sqlStateOf(error: unknown): string | undefined {
  const cause = error instanceof Fault ? error.cause : error
  return cause instanceof pg.DatabaseError ? cause.code : undefined
}

/** The unique constraint (or index) that a row would have broken. */
export function brokenConstraintOf(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code !== sqlState.uniqueViolation) return undefined
  return error.constraint
}

/**
 * What may be written into a log about an error: the server puts values of rows into its texts, so of what it says
 * only codes and names are left.
 */
export function loggableError(error: unknown): object {
  const cause = error instanceof Fault ? error.cause : error
  if (!(cause instanceof pg.DatabaseError)) return { err: error }
  const { code, table, column, constraint, routine } = cause
  return { database: { code, table, column, constraint, routine } }
}

/**
 * What is the matter when a query failed: a Fault `unavailable` (retryable; whether a commit happened is not
 * known), or the very error when the server refused the statement itself, which is a bug of ours.
 */
export function asFault(error: unknown): unknown {
  if (error instanceof Fault) return error
  if (error instanceof pg.DatabaseError) {
    return passing.test(error.code ?? '') ? unavailable(error) : error
  }
  return isConnectionError(error) ? unavailable(error) : error
}

function unavailable(cause: unknown): Fault {
  return new Fault('unavailable', 'The database cannot be reached or did not answer in time', {
    retryable: true,
    cause,
  })
}

/**
 * Errors of the driver have no class and no code of their own; errors of the system have a code like
 * ECONNRESET.
 */
const driverMessage =
  /connection terminated|timeout exceeded|timeout expired|query read timeout|client was closed|not queryable/i

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    ('syscall' in error && 'code' in error) ||
    error.name === 'AggregateError' ||
    driverMessage.test(error.message)
  )
}
