import type { View } from '../../view/view.ts'
import { FollowedService } from './followed-service.ts'

/** How often each event of another service was seen, and in which order. */
export function seen(parts: Partial<View> = {}): View {
  return {
    name: 'seen',
    source: FollowedService.serviceName,
    schema: 1,
    create: async (transaction) => {
      const columns = 'stream uuid primary key, times integer not null, place serial'
      await transaction.query(`create table if not exists seen (${columns})`)
    },
    drop: async (transaction) => void (await transaction.query('drop table seen')),
    async apply(transaction, events) {
      for (const { stream } of events) {
        await transaction.query(
          'insert into seen (stream, times) values ($1, 1) on conflict (stream) do update set times = seen.times + 1',
          [stream],
        )
      }
    },
    ...parts,
  }
}
