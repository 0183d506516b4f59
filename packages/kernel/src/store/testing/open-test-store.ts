import { createTestDatabase } from '@matchday/testkit'
import { type Clock, systemClock } from '../../clock.ts'
import { silentLog } from '../../log.ts'
import type { Database } from '../database.ts'
import type { Store } from '../port.ts'
import { openStore } from '../postgres-store.ts'

export type TestStore = AsyncDisposable & {
  readonly store: Store
  readonly database: Database
  /** Another instance on the same database. */
  another(): Promise<Store>
}

/** A store on a database of its own. Time is the machine's unless another clock is given. */
export async function openTestStore(clock: Clock = systemClock): Promise<TestStore> {
  const { database, drop } = await createTestDatabase()
  const stores: Store[] = []
  const another = async (): Promise<Store> => {
    const store = await openStore({ database, log: silentLog, clock })
    stores.push(store)
    return store
  }
  return {
    store: await another(),
    database,
    another,
    async [Symbol.asyncDispose]() {
      await Promise.all(stores.map((store) => store.close()))
      await drop()
    },
  }
}
