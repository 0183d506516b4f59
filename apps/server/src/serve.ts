import { once } from 'node:events'
import { createLog } from '@matchday/kernel'
import type { Addresses } from './addresses.ts'
import { type Config, checkTogether } from './config.ts'
import { asListenFault } from './listen-fault.ts'
import { OwnProcess } from './own-process.ts'

/**
 * Starts the roles and runs until SIGTERM, SIGINT, or the end of the built-in database. Resolves to the exit code.
 * Throws faults that don't pass by waiting.
 */
export async function serve(
  config: Config,
  onReady: (addresses: Addresses) => Promise<void> = async () => {},
): Promise<number> {
  checkTogether(config)
  const stopping = new AbortController()
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]).then(() => {
    stopping.abort()
    return 'stopped' as const
  })
  const own = new OwnProcess(config, createLog(config.logLevel), stopping.signal)
  try {
    const { broken } = await own.start()
    // Only its failures end anything.
    const failed = own.untilReady(onReady).then(() => new Promise<never>(() => {}))
    const end = await Promise.race([stopped, broken.then(() => 'broken' as const), failed])
    if (end === 'broken') {
      process.stderr.write('The database has ended by itself; see postgres.log in the data folder.\n')
      return 1
    }
    if (process.stdout.isTTY) process.stdout.write('\n  Stopping …\n')
    await own.drain()
    return 0
  } catch (error) {
    throw asListenFault(error, config)
  } finally {
    stopping.abort()
    await own.stop()
  }
}
