import { Client, escapeIdentifier } from 'pg'
import { Fault } from '../fault.ts'

/** How to reach one database; `pg.Pool` takes it as it is. `host` is a socket's folder or an address. */
export type DatabaseTarget = {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/** A local server answers in milliseconds; copying a large template takes longer. */
const connectTimeoutMs = 5_000
const statementTimeoutMs = 60_000

/** PostgreSQL cuts longer names off silently. */
const databaseName = /^[a-z][a-z0-9_]{0,62}$/
const codeDuplicateDatabase = '42P04'
const codeUniqueViolation = '23505'
const codeObjectInUse = '55006'

/**
 * Creates a database unless it exists, as a copy of `template` when one is given (to which nobody may be
 * connected meanwhile). Throws `database-in-use` when the template is connected to.
 */
export async function ensureDatabase(
  maintenance: DatabaseTarget,
  name: string,
  template?: string,
): Promise<void> {
  await withClient(maintenance, async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [checked(name)])
    if (found.rowCount !== 0) return
    // Writing the copy to the log is several times quicker for a small database than the checkpoints that a
    // copy of its files needs.
    const copying =
      template === undefined ? '' : ` template ${escapeIdentifier(checked(template))} strategy wal_log`
    try {
      await client.query(`create database ${escapeIdentifier(name)}${copying}`)
    } catch (error) {
      const code = serverErrorCode(error)
      if (code === codeDuplicateDatabase || code === codeUniqueViolation) return
      if (code === codeObjectInUse) throw templateInUse(template ?? 'template1', error)
      throw error
    }
  })
}

/** Deletes a database if it exists, and ends the connections to it. */
export async function deleteDatabase(maintenance: DatabaseTarget, name: string): Promise<void> {
  await withClient(maintenance, async (client) => {
    await client.query(`drop database if exists ${escapeIdentifier(checked(name))} with (force)`)
  })
}

async function withClient(target: DatabaseTarget, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({
    ...target,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
  })
  // A connection that breaks while it is idle would else end the process; the next query reports it anyway.
  client.on('error', () => {})
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function checked(name: string): string {
  if (!databaseName.test(name)) throw new Error(`not a database name: ${name}`)
  return name
}

function serverErrorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function templateInUse(template: string, cause: unknown): Fault {
  return new Fault('database-in-use', `The database ${template} cannot be copied while it is connected to`, {
    retryable: true,
    hint: 'Close the connections to it first.',
    cause,
  })
}
