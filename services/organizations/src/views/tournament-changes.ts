import { tournamentEvents } from '@matchday/contracts'
import type { RecordedEvent, Transaction, View } from '@matchday/kernel'
import { toldEventTypes, tournamentChange } from '../domain/tournament-change.ts'
import { recordForeignChange } from './foreign-change.ts'

/**
 * Which organisation a tournament belongs to, and what was done about it since: part of the organisation's changelog.
 */
export const tournamentChanges: View = {
  name: 'tournament-changes',
  source: tournamentEvents.service,
  schema: 1,
  types: toldEventTypes,
  async create(transaction) {
    await transaction.query(
      `create table tournament_owners (
        tournament_id uuid primary key,
        organization_id uuid not null references organizations on delete cascade
      )`,
    )
    await transaction.query(
      'create index tournament_owners_of_organization on tournament_owners (organization_id)',
    )
  },
  async drop(transaction) {
    await transaction.query('drop table tournament_owners')
    await transaction.query(`delete from changelog where thing = 'tournament'`)
  },
  async apply(transaction, events) {
    for (const event of events) await applyEvent(transaction, event)
  },
}

async function applyEvent(transaction: Transaction, event: RecordedEvent): Promise<void> {
  const { type, data, stream } = event
  if (type === 'tournament-created' || type === 'tournament-claimed') {
    // Whatever was deleted meanwhile owns nothing; what is not, stays until this is committed.
    await transaction.query(
      `insert into tournament_owners (tournament_id, organization_id)
       select $1, organization_id from organizations where organization_id = $2 for key share
       on conflict (tournament_id) do nothing`,
      [stream, data.organizationId ?? null],
    )
  }
  const after = tournamentChange(event)
  if (after === null) return
  const [owner] = await transaction.query<{ organizationId: string }>(
    `select organization_id as "organizationId"
     from tournament_owners join organizations o using (organization_id)
     where tournament_id = $1 for key share of o`,
    [stream],
  )
  if (owner === undefined) return
  await recordForeignChange(transaction, event, {
    source: tournamentEvents.service,
    organizationId: owner.organizationId,
    thing: 'tournament',
    action: type,
    after,
  })
}
