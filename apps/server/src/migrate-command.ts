import { checkStore, createLog, Fault, type MigrationReport, migrateStore, schemaOf } from '@matchday/kernel'
import { takeOptions } from './command-options.ts'
import { databaseUrlOf, readConfig } from './config.ts'
import { serviceNames } from './role-names.ts'
import { serviceMigrations } from './service-migrations.ts'
import { createWaits, Stopped } from './waits.ts'

/** For a database that is being started too. */
const waitMs = 60_000

/**
 * `matchday migrate`: upgrades the databases of the user's own, one service after the other, each under a lock.
 * `--check` only looks; its exit code is 1 when there is something to do.
 */
export async function migrateDatabases(
  flags: readonly string[],
  migrationsOf = serviceMigrations,
): Promise<number> {
  const { switches, settings } = takeOptions(flags, { switches: ['check'] })
  const config = readConfig(settings)
  const isCheck = switches.has('check')
  const log = createLog(config.logLevel)
  const waits = createWaits({ role: 'migrate', signal: AbortSignal.timeout(waitMs), log })
  const isPassing = (fault: Fault) => fault.retryable
  let outstanding = 0
  for (const service of serviceNames) {
    const url = databaseUrlOf(config, service)
    if (url === undefined) {
      tell(service, 'uses the built-in database, which is upgraded at each start')
      continue
    }
    const migrations = migrationsOf[service]
    const place = { database: { url }, schema: schemaOf(service), migrations, log }
    const attempt = () => (isCheck ? checkStore(place) : migrateStore(place))
    const report = await waits
      .for({ what: 'the database', attempt, isPassing, discard: async () => {} })
      .catch(tooLong)
    if (isCheck) outstanding += report.steps.length
    tell(service, describe(report, isCheck))
  }
  return outstanding > 0 ? 1 : 0
}

function describe({ steps, newer }: MigrationReport, isCheck: boolean): string {
  if (steps.length > 0) return `${isCheck ? 'to be done' : 'done'}: ${steps.join(', ')}`
  if (newer.length > 0) return `up to date, and used by a newer version too: ${newer.join(', ')}`
  return 'up to date'
}

function tell(service: string, text: string): void {
  process.stdout.write(`${service.padEnd(14)}${text}\n`)
}

function tooLong(error: unknown): never {
  if (!(error instanceof Stopped)) throw error
  throw new Fault('unavailable', `The database cannot be reached within ${waitMs / 1_000} s.`, {
    retryable: true,
    hint: 'Check the URL, and that the server runs and takes connections from here.',
  })
}
