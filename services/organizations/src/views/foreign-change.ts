import type { ChangedThing } from '@matchday/contracts'
import type { JsonObject, RecordedEvent, Transaction } from '@matchday/kernel'
import { administrator } from '../domain/actor.ts'
import { changeIdOf } from './change-id.ts'

type ForeignChange = {
  /** The service whose event it is. */
  readonly source: string
  readonly organizationId: string
  readonly thing: ChangedThing
  readonly action: string
  readonly after: JsonObject | null
}

/**
 * Writes down what was changed in another service, once. Events don't say whether somebody is an administrator; but
 * whoever acts in a preview has entered it first, which is written down here.
 */
export async function recordForeignChange(
  transaction: Transaction,
  event: RecordedEvent,
  { source, organizationId, thing, action, after }: ForeignChange,
): Promise<void> {
  await transaction.query(
    `insert into changelog (change_id, organization_id, thing, thing_id, action, after, by_kind, by_id, at)
     values ($1, $2, $3, $4, $5, $6,
       case when $7::text = 'staff' and exists (
         select from changelog where by_id = $8::text and by_kind = '${administrator}'
       ) then '${administrator}' else $7::text end,
       $8::text, $9)
     on conflict (change_id) do nothing`,
    [
      changeIdOf(source, event),
      organizationId,
      thing,
      event.stream,
      action,
      after === null ? null : JSON.stringify(after),
      event.by,
      event.actor ?? null,
      event.at,
    ],
  )
}
