import type { Connections } from './database.ts'
import type { Leases } from './port.ts'

/**
 * Read before it is taken: an attempt costs a transaction id and locks the row, and an instance that only waits for
 * its turn should do neither.
 */
const lookStatement = {
  name: 'look_at_lease',
  text: /* sql */ `
    select holder, ceil(extract(epoch from expires_at - clock_timestamp()) * 1000)::integer as "leftMs"
    from leases where name = $1 and expires_at > clock_timestamp()`,
}
/**
 * The time is that of the database alone, so that the clocks of the instances don't matter, and it is taken before
 * the row is waited for: a lease never lasts longer than its holder thinks.
 */
const takeStatement = {
  name: 'take_lease',
  text: /* sql */ `
    insert into leases as held (name, holder, expires_at)
    values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where held.holder = excluded.holder or held.expires_at <= clock_timestamp()
    returning 1`,
}
const releaseStatement = {
  name: 'release_lease',
  text: 'delete from leases where name = $1 and holder = $2',
}

export function leasesOn(connections: Connections): Leases {
  return {
    look: async (name) => (await connections.query<LeaseRow>(lookStatement, [name]))[0] ?? null,
    take: async (name, holder, expiresMs) =>
      (await connections.query(takeStatement, [name, holder, expiresMs])).length > 0,
    release: async (name, holder) => void (await connections.query(releaseStatement, [name, holder])),
  }
}

type LeaseRow = { readonly holder: string; readonly leftMs: number }
