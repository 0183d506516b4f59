import type { StaffId } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import type { RealmOperations } from '../realm-operations.ts'
import { pageBounds, pageOf } from './page.ts'

type Row = {
  readonly id: string
  readonly at: Date
  readonly by: StaffId
  readonly accountId: never
  readonly email: string | null
}

const statement = /* sql */ `
  select s.id, s.at, s.by, s.account_id as "accountId", a.email
  from sign_outs s left join accounts a on a.id = s.account_id
  where $1::uuid is null or s.id < $1 order by s.id desc limit $2`

export const listSignOuts = (operation: RealmOperations['listSignOuts']) =>
  read(operation, async (input, _caller, { rows }) => {
    const { before, rowsMax, limit } = pageBounds(input)
    const found = await rows<Row>(statement, [before, rowsMax])
    const body = pageOf(
      found,
      limit,
      ({ id }) => id,
      ({ at, ...rest }) => ({ ...rest, at: at.toISOString() }),
    )
    return { kind: 'ok', body }
  })
