import type { PoolClient } from 'pg'
import type { Connections } from '../store/database.ts'
import { asFault } from '../store/database-faults.ts'
import type { Checkpoint, RecordedEvent } from '../store/port.ts'
import { checkpointStatement, saveCheckpointStatement } from '../store/reader.ts'
import type { Transaction, View } from './view.ts'

/** A view, and where its checkpoint is kept among those of the other readers. */
export type PlacedView = View & { readonly reader: string }

/**
 * Checkpoints of a service's own log move along when its epoch is renewed (see `renew_epoch`); those of others do not,
 * for it is not their log that was restored.
 */
export function placed(view: View, isOwn: boolean): PlacedView {
  return { ...view, reader: `${isOwn ? 'view' : 'remote-view'}:${view.name}` }
}

/**
 * Creates a view's tables, anew if an older schema made them. Those of a newer one are left alone: an old
 * instance that starts during an upgrade must not undo it.
 */
export async function prepareView(connections: Connections, view: PlacedView): Promise<void> {
  await connections.transaction(async (client) => {
    // Instances that start together take turns; the table itself is only locked against other starts.
    await client.query('lock table views in share row exclusive mode')
    const found = await schemaOf(client, view)
    if (found !== undefined && found >= view.schema) return
    if (found !== undefined) await view.drop(transactionOn(client))
    await begin(client, view)
    await client.query(
      'insert into views values ($1, $2) on conflict (name) do update set schema = excluded.schema',
      [view.name, view.schema],
    )
  })
}

/**
 * Drops a view's tables and begins with none of its events: what it was filled from is not that log any more. Nothing
 * happens when another instance has done so since it was at `from`, or a newer version of the program keeps the view.
 */
export async function rebuildView(
  connections: Connections,
  view: PlacedView,
  from: Checkpoint,
): Promise<void> {
  await connections.transaction(async (client) => {
    if ((await schemaOf(client, view, 'for no key update')) !== view.schema) return
    if (!isSamePlace(await checkpointOf(client, view), from)) return
    await view.drop(transactionOn(client))
    await begin(client, view)
  })
}

async function begin(client: PoolClient, view: PlacedView): Promise<void> {
  await view.create(transactionOn(client))
  await client.query('delete from readers where name = $1', [view.reader])
}

export type Applied =
  /** Rows and checkpoint are committed. */
  | { readonly kind: 'applied' }
  /** Another instance has applied these or others; go on from where it is. */
  | { readonly kind: 'elsewhere'; readonly checkpoint: Checkpoint | null }
  /** A newer version of the program keeps this view now. */
  | { readonly kind: 'superseded' }

/** Applies events that follow on `from`, once, whoever else does the same. */
export async function applyEvents(
  connections: Connections,
  view: PlacedView,
  from: Checkpoint | null,
  batch: { readonly events: readonly RecordedEvent[]; readonly checkpoint: Checkpoint },
): Promise<Applied> {
  return connections.transaction(async (client) => {
    const { rows } = await client.query<{ schema: number }>({ ...lockStatement, values: [view.name] })
    if (rows[0]?.schema !== view.schema) return { kind: 'superseded' }
    const checkpoint = await checkpointOf(client, view)
    if (!isSamePlace(checkpoint, from)) return { kind: 'elsewhere', checkpoint }
    if (batch.events.length > 0) await view.apply(transactionOn(client), batch.events)
    const { epoch, xid, position } = batch.checkpoint
    await client.query({ ...saveCheckpointStatement, values: [view.reader, epoch, xid, position] })
    return { kind: 'applied' }
  })
}

/**
 * The row of the view is the lock under which its checkpoint moves, so the checkpoint is read in a statement of its
 * own, after it. The commit need not be on the disk when it is told: rows and checkpoint are lost together, if at all,
 * and made again from the log.
 */
const lockStatement = {
  name: 'lock_view',
  text: /* sql */ `
    select schema, set_config('synchronous_commit', 'off', true) from views
    where name = $1 for no key update`,
}

/** Whether a reader that is at `checkpoint` has seen all up to `target`. */
export function hasReached(checkpoint: Checkpoint | null, target: Checkpoint): boolean {
  if (checkpoint === null) return false
  const xid = BigInt(checkpoint.xid)
  const targetXid = BigInt(target.xid)
  if (xid !== targetXid) return xid > targetXid
  return BigInt(checkpoint.position) >= BigInt(target.position)
}

async function checkpointOf(client: PoolClient, { reader }: PlacedView): Promise<Checkpoint | null> {
  return (await client.query<Checkpoint>({ ...checkpointStatement, values: [reader] })).rows[0] ?? null
}

async function schemaOf(client: PoolClient, view: View, lock = ''): Promise<number | undefined> {
  const text = `select schema from views where name = $1 ${lock}`
  return (await client.query<{ schema: number }>(text, [view.name])).rows[0]?.schema
}

export function isSamePlace(one: Checkpoint | null, other: Checkpoint | null): boolean {
  return one?.epoch === other?.epoch && one?.xid === other?.xid && one?.position === other?.position
}

export function transactionOn(client: PoolClient): Transaction {
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      try {
        // The view that asks knows the rows that its own statement gives.
        return (await client.query(text, [...values])).rows as readonly Row[]
      } catch (error) {
        throw asFault(error)
      }
    },
  }
}
