import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'

/**
 * One step forward, in plain SQL. A step that has been released is never changed again: a mistake in it is
 * mended by the next one. (They are strings in the code because the server is bundled into one file.)
 */
export type Migration = {
  readonly id: string
  readonly sql: string
  /**
   * Programs that lack this step can't use the database any more. All other steps only add: while a new version
   * is rolled out, the old one goes on beside it. What breaks comes one release after the last use of what it breaks.
   */
  readonly breaking?: true
}

/**
 * Lines of steps for the same tables, such as those of the store and those of a service. Within a line the order is
 * fixed; between lines it is only that of the first time: a step that a line gets later comes after all that the
 * others have had by then.
 */
export type MigrationLines = readonly (readonly Migration[])[]

/** What was found, or done, by id, in order. */
export type MigrationReport = {
  /** Steps of this program that the database lacked: done by `migrate`, to be done for `checkMigrations`. */
  readonly steps: readonly string[]
  /** Steps of a newer program, which this one can live with. */
  readonly newer: readonly string[]
}

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
 * version of the program has made it unusable for this one) or `migration-busy` (retryable).
 */
export async function migrate(client: ClientBase, lines: MigrationLines, log: Log): Promise<MigrationReport> {
  await client.query(`set lock_timeout = ${lockTimeoutMs}`)
  await client.query(`set statement_timeout = ${stepTimeoutMs}`)
  await client.query('select pg_advisory_lock($1)', [migrationLock]).catch(explainBusy)
  try {
    await client.query(
      `create table if not exists migrations (
        id text primary key, checksum text not null, applied_at timestamptz not null default now()
      )`,
    )
    const missing = 'alter table migrations add column if not exists breaking boolean not null default false'
    const applied = await appliedSteps(client)
    if (applied.some((step) => step.breaking === null) || applied.length === 0) await client.query(missing)
    const { waiting, newer } = compare(lines, applied)
    for (const step of waiting) await apply(client, step, log)
    return reportOf(waiting, newer)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock])
  }
}

/** What `migrate` would do; changes nothing and waits for nobody. Throws `migration-changed` and `database-newer`. */
export async function checkMigrations(client: ClientBase, lines: MigrationLines): Promise<MigrationReport> {
  const { rows } = await client.query<{ exists: boolean }>(
    `select to_regclass('migrations') is not null as exists`,
  )
  const { waiting, newer } = compare(lines, rows[0]?.exists === true ? await appliedSteps(client) : [])
  return reportOf(waiting, newer)
}

/** `breaking` is null in a table that an older program made: nothing that it knew was. */
type AppliedStep = { readonly id: string; readonly checksum: string; readonly breaking: boolean | null }

async function appliedSteps(client: ClientBase): Promise<readonly AppliedStep[]> {
  // By way of JSON, so that the statement holds with and without the column.
  const { rows } = await client.query<AppliedStep>(
    `select id, checksum, (to_jsonb(m) ->> 'breaking')::boolean as breaking
      from migrations m order by applied_at, id`,
  )
  return rows
}

/** What is still to be done, and what a newer program has done. */
type Comparison = { readonly waiting: readonly Migration[]; readonly newer: readonly AppliedStep[] }

function compare(lines: MigrationLines, applied: readonly AppliedStep[]): Comparison {
  const known = new Set(lines.flat().map((step) => step.id))
  if (known.size < lines.flat().length) throw new Error('two steps have the same id')
  const newer = applied.filter((step) => !known.has(step.id))
  const checksums = new Map(applied.map((step) => [step.id, step.checksum]))
  const waiting = lines.flatMap((line) => waitingOf(line, checksums))
  // Steps on both sides that the other lacks: two lines of versions, whose order nobody has tried.
  const excluding = waiting.length > 0 ? newer : newer.filter((step) => step.breaking === true)
  if (excluding.length > 0) {
    const ids = excluding.map((step) => step.id).join(', ')
    throw new Fault('database-newer', `The database has steps that this version can't live with: ${ids}`, {
      hint: 'Start the version that was used last, or a newer one.',
    })
  }
  return { waiting, newer }
}

/** What was applied of a line must be its beginning, unchanged. */
function waitingOf(line: readonly Migration[], checksums: ReadonlyMap<string, string>): readonly Migration[] {
  const appliedOfLine = line.filter((step) => checksums.has(step.id)).length
  line.forEach((step, index) => {
    const checksum = checksums.get(step.id)
    const expectedApplied = index < appliedOfLine
    if ((checksum !== undefined) !== expectedApplied || (checksum && checksum !== checksumOf(step))) {
      throw new Fault('migration-changed', `The step ${step.id} is not as it was when it was applied`, {
        hint: 'Released steps are never changed, moved or removed; restore it and add a new one at the end.',
      })
    }
  })
  return line.slice(appliedOfLine)
}

function reportOf(steps: readonly Migration[], newer: readonly AppliedStep[]): MigrationReport {
  return { steps: steps.map((step) => step.id), newer: newer.map((step) => step.id) }
}

async function apply(client: ClientBase, step: Migration, log: Log): Promise<void> {
  await client.query('begin')
  try {
    await client.query(step.sql)
    await client.query('insert into migrations (id, checksum, breaking) values ($1, $2, $3)', [
      step.id,
      checksumOf(step),
      step.breaking === true,
    ])
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
