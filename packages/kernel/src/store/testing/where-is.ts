import { Client } from 'pg'
import { type Database, poolTarget } from '../database.ts'

/** The tables of a database in which a text can be read, in alphabetical order. */
export async function whereIs(database: Database, text: string): Promise<readonly string[]> {
  const client = new Client(poolTarget(database, 'public', {}))
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
    )
    const found: string[] = []
    for (const { name } of tables.rows) {
      const query = `select from ${client.escapeIdentifier(name)} as row where position($1 in row::text) > 0 limit 1`
      if ((await client.query(query, [text])).rowCount === 1) found.push(name)
    }
    return found
  } finally {
    await client.end()
  }
}
