import type { ReadContext, Transaction } from '@matchday/kernel'

/** Asks the service's tables, inside of a transaction or outside of one. */
export type Rows = ReadContext['rows']

/** Asks another service. */
export type Ask = ReadContext['ask']

export function rowsOf(transaction: Transaction): Rows {
  return (text, values) => transaction.query(text, values)
}
