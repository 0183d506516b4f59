import type { Database } from '../database.ts'
import { openSlowly } from './slow-transaction.ts'

/** A quick machine calls more often, until there were kills enough. */
type KillingLoad = {
  readonly clients: number
  readonly callsPerClientMin: number
  readonly callsPerClientMax: number
  readonly killsMin: number
  readonly killEveryMs: number
}

/** One at a time: on a slow machine a call may take longer than from one kill to the next. */
const killStatement = `select pg_terminate_backend(pid) from (
    select pid from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and state in ('active', 'idle in transaction')
    order by random() limit 1
  ) as victim`

/** Clients that call, each one call after the other, while connections are killed that work. */
export async function callWhileKilling(
  database: Database,
  load: KillingLoad,
  call: (client: number, count: number) => Promise<void>,
): Promise<{ killed: number; calls: number }> {
  const killer = await openSlowly(database)
  let isLoading = true
  let killed = 0
  let calls = 0
  const killing = (async () => {
    while (isLoading) {
      killed += (await killer.query(killStatement)).length
      await new Promise((resolve) => setTimeout(resolve, load.killEveryMs))
    }
  })()
  const client = async (number: number): Promise<void> => {
    const goesOn = (count: number) => count < load.callsPerClientMin || killed < load.killsMin
    for (let count = 0; goesOn(count) && count < load.callsPerClientMax; count++) {
      calls++
      await call(number, count)
    }
  }
  try {
    await Promise.all(Array.from({ length: load.clients }, (_, number) => client(number)))
  } finally {
    isLoading = false
    await killing
    await killer.close()
  }
  return { killed, calls }
}
