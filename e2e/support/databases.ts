import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServiceName } from '@matchday/contracts'
import { services } from '@matchday/contracts'
import { type Connections, type Database, openConnections, schemaOf, silentLog } from '@matchday/kernel'

/** The databases of all services, read behind their backs. */
export type Databases = {
  /** Rows of one service; changes too, where a test plays the clock. */
  rows<Row>(service: ServiceName, text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** What is in each table, as one figure that any change changes; without what changes by being asked. */
  figures(): Promise<ReadonlyMap<string, string>>
  /** Every row as text, by table. */
  dump(): Promise<ReadonlyMap<string, string>>
  close(): Promise<void>
}

/** Tables that change although nothing was changed: what was answered, how often was tried, where readers stand. */
const restless = ['answers', 'budgets', 'leases', 'readers', 'snapshots']
/** When something was used last, and what has become of a mail. */
const restlessColumns = ['used_at', 'sent_at', 'tries', 'next_try_at']

/** Those of the built-in server of a data folder, while it runs. */
export async function openBuiltInDatabases(dataDirectory: string): Promise<Databases> {
  const password = await readFile(join(dataDirectory, 'postgres', 'matchday-password'), 'utf8')
  const host = join(dataDirectory, 'postgres-socket')
  return openDatabases((service) => ({
    ...{ host, port: 5432, user: 'matchday', password },
    database: schemaOf(service),
  }))
}

/** `databaseOf`: where each service keeps what it has. */
export function openDatabases(databaseOf: (service: ServiceName) => Database): Databases {
  const connections = new Map<ServiceName, Connections>()
  const names = Object.keys(services) as ServiceName[]
  for (const service of names) {
    const options = { schema: schemaOf(service), connectionsMax: 2, log: silentLog }
    connections.set(service, openConnections(databaseOf(service), options))
  }
  async function rows<Row>(service: ServiceName, text: string, values: readonly unknown[] = []) {
    return connections.get(service)!.query<Row>({ text }, values)
  }

  async function tablesOf(service: ServiceName): Promise<readonly string[]> {
    const found = await rows<{ name: string }>(
      service,
      `select table_name as name from information_schema.tables
       where table_schema = $1 and table_type = 'BASE TABLE' order by 1`,
      [schemaOf(service)],
    )
    return found.map(({ name }) => name)
  }

  async function each<Value>(
    work: (service: ServiceName, table: string) => Promise<Value>,
    tables: (name: string) => boolean,
  ): Promise<ReadonlyMap<string, Value>> {
    const all = await Promise.all(
      names.map(async (service) => {
        const found = (await tablesOf(service)).filter(tables)
        const values: (readonly [string, Value])[] = []
        for (const table of found) values.push([`${service}.${table}`, await work(service, table)])
        return values
      }),
    )
    return new Map(all.flat())
  }

  return {
    rows,
    figures: () =>
      each(
        async (service, table) => {
          const without = restlessColumns.map((column) => ` - '${column}'`).join('')
          const [found] = await rows<{ figure: string }>(
            service,
            `select count(*) || ' ' || coalesce(sum(hashtextextended((to_jsonb(t)${without})::text, 0)), 0)
               as figure from "${table}" t`,
          )
          return found!.figure
        },
        (table) => !restless.includes(table),
      ),
    dump: () =>
      each(
        async (service, table) => {
          const found = await rows<{ line: string }>(service, `select t::text as line from "${table}" t`)
          return found.map(({ line }) => line).join('\n')
        },
        () => true,
      ),
    close: async () => {
      await Promise.all([...connections.values()].map((one) => one.close()))
    },
  }
}

/** Tables whose figures differ. */
export function changedTables(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...after].flatMap(([table, figure]) => (before.get(table) === figure ? [] : [table]))
}
