import { sumOf } from '../faults/metrics.ts'
import { type Mailbox, outboxOf } from '../support/accounts.ts'
import { type Databases, openBuiltInDatabases } from '../support/databases.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'

/** The built server with all roles, its databases, and what it counts. */
export type Server = {
  readonly matchday: Matchday
  readonly url: string
  readonly databases: Databases
  readonly mailbox: Mailbox
  /** The sum of a metric over the labels that hold a text. */
  counted(metric: string, label?: string): Promise<number>
  stop(): Promise<void>
}

export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const matchday = await startMatchday({
    dataDirectory: await temporaryFolder(),
    env: { MATCHDAY_REGISTRATION: 'open', ...env },
    flags: ['--metrics-port', '0', '--log-level', 'info'],
  })
  const metrics = matchday.output().match(/metrics listens on (\S+)/)?.[1] ?? ''
  const databases = await openBuiltInDatabases(matchday.dataDirectory)
  return {
    matchday,
    url: matchday.url,
    databases,
    mailbox: outboxOf(matchday.url),
    counted: async (metric, label = '') => {
      const page = await (await fetch(`${metrics}/metrics`)).text()
      return sumOf(page, metric, label)
    },
    async stop() {
      await databases.close()
      await matchday.stop()
      await removeFolder(matchday.dataDirectory)
    },
  }
}
