import { Client } from 'pg'
import { appendStatement } from '../append.ts'
import { appendParameters } from '../append-parameters.ts'
import { type Database, poolTarget } from '../database.ts'
import type { Append } from '../port.ts'

/** A connection on which an append's transaction is begun and ended by hand, as slowly as one likes. */
export async function openSlowly(database: Database) {
  const client = new Client(poolTarget(database, 'public', {}))
  await client.connect()
  return {
    async append(...appends: readonly Append[]): Promise<void> {
      await client.query('begin')
      const parameters = appendParameters(appends, '2025-06-01T12:00:00.000Z', false)
      await client.query(appendStatement.text, [...parameters])
    },
    async commit(): Promise<void> {
      await client.query('commit')
    },
    async rollback(): Promise<void> {
      await client.query('rollback')
    },
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(text, [...values])).rows,
    close: () => client.end(),
  }
}
