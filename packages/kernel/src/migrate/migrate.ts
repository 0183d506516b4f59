import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'

/**
 * One step forward, in plain SQL. A step that has been released is never changed again: a mistake in it is
 * mended by the next one. (They are strings in the code because the server is bundled into one file.)
 */
export type Migration = { readonly id: string; readonly sql: string }

/** Another instance may be migrating; it is waited for this long. */
const lockTimeoutMs = 60_000
/** A step on a large table may take minutes, and nobody is served meanwhile anyway. */
const stepTimeoutMs = 10 * 60_000
/** Any fixed number will do, as long as nothing else in the database locks it. */
const migrationLock = '7310299412884467'
const codeLockNotAvailable = '55P03'

/**
 * Brings the tables of the client's current schema up to this code; instances that start together take turns.
 * Throws Fault `migration-changed` (a step differs from what was once applied), `database-newer` (a newer
 * version of the program was here) or `migration-busy` (retryable).
 */
export async function migrate(client: ClientBase, migrations: readonly Migration[], log: Log): Promise<void> {
  await client.query(`set lock_timeout = ${lockTimeoutMs}`)
  await client.query(`set statement_timeout = ${stepTimeoutMs}`)
  await client.query('select pg_advisory_lock($1)', [migrationLock]).catch(explainBusy)
  try {
    await client.query(
      `create table if not exists migrations (
        id text primary key, checksum text not null, applied_at timestamptz not null default now()
      )`,
    )
    const applied = await client.query<{ id: string; checksum: string }>(
      'select id, checksum from migrations',
    )
    checkHistory(migrations, new Map(applied.rows.map((row) => [row.id, row.checksum])))
    for (const step of migrations.slice(applied.rows.length)) await apply(client, step, log)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock])
  }
}

/** What was applied must be the beginning of what the code has, unchanged. */
function checkHistory(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const known = new Set(migrations.map((step) => step.id))
  const unknown = [...applied.keys()].filter((id) => !known.has(id))
  if (unknown.length > 0) {
    throw new Fault(
      'database-newer',
      `The database has steps that this version lacks: ${unknown.join(', ')}`,
      {
        hint: 'Start the version that was used last, or a newer one.',
      },
    )
  }
  migrations.forEach((step, index) => {
    const checksum = applied.get(step.id)
    const expectedApplied = index < applied.size
    if ((checksum !== undefined) !== expectedApplied || (checksum && checksum !== checksumOf(step))) {
      throw new Fault('migration-changed', `The step ${step.id} is not as it was when it was applied`, {
        hint: 'Released steps are never changed, moved or removed; restore it and add a new one at the end.',
      })
    }
  })
}

async function apply(client: ClientBase, step: Migration, log: Log): Promise<void> {
  await client.query('begin')
  try {
    await client.query(step.sql)
    await client.query('insert into migrations (id, checksum) values ($1, $2)', [step.id, checksumOf(step)])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
  log.info({ migration: step.id }, 'database migrated')
}

function checksumOf(step: Migration): string {
  return createHash('sha256').update(step.sql).digest('hex')
}

function explainBusy(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === codeLockNotAvailable) {
    throw new Fault('migration-busy', 'Another instance has been migrating the database for too long', {
      retryable: true,
      cause: error,
    })
  }
  throw error
}
