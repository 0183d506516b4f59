import { type ChangeId, newId } from '@matchday/contracts'
import type { Transaction } from '@matchday/kernel'
import type { Actor } from './domain/actor.ts'
import type { Change } from './domain/change.ts'

/** Writes down what is changed in this very transaction. */
export async function recordChanges(
  transaction: Transaction,
  changes: readonly Change[],
  by: Actor,
  at: string,
): Promise<void> {
  for (const { organizationId, thing, thingId, action, after } of changes) {
    // The id holds the time, so that its order is that of what happened.
    const changeId = newId<'change'>(Date.parse(at))
    const row: readonly [ChangeId, ...unknown[]] = [
      changeId,
      organizationId,
      thing,
      thingId,
      action,
      after === null ? null : JSON.stringify(after),
      by.kind,
      by.id,
      at,
    ]
    await transaction.query(
      `insert into changelog (change_id, organization_id, thing, thing_id, action, after, by_kind, by_id, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      row,
    )
  }
}
