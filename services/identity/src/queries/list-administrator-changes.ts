import { type StaffId, staffIdentityOperations } from '@matchday/contracts'
import { type JsonObject, read } from '@matchday/kernel'
import type { AdministratorChange } from '../accounts/administrator-changes.ts'
import { pageBounds, pageOf } from './page.ts'

type Row = {
  readonly id: string
  readonly at: Date
  readonly by: StaffId | null
  readonly accountId: StaffId
  readonly change: AdministratorChange
  readonly after: JsonObject | null
}

const statement = /* sql */ `
  select id, at, by, account_id as "accountId", change, after from administrator_changes
  where ($1::uuid is null or account_id = $1) and ($2::uuid is null or id < $2) order by id desc limit $3`

export const listAdministratorChanges = () =>
  read(staffIdentityOperations.listAdministratorChanges, async (input, _caller, { rows }) => {
    const { before, rowsMax, limit } = pageBounds(input)
    const found = await rows<Row>(statement, [input.accountId ?? null, before, rowsMax])
    const body = pageOf(
      found,
      limit,
      ({ id }) => id,
      ({ at, ...rest }) => ({ ...rest, at: at.toISOString() }),
    )
    return { kind: 'ok', body }
  })
