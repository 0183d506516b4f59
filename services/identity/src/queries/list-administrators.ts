import { type StaffId, staffIdentityOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import type { Account } from '../domain/account.ts'
import { pageBounds, pageOf } from './page.ts'

type Row = Pick<Account, 'id' | 'email' | 'firstName' | 'lastName' | 'phone' | 'platformRole'>

const statement = /* sql */ `
  select id, email, first_name as "firstName", last_name as "lastName", phone, platform_role as "platformRole"
  from accounts where platform_role is not null and ($1::uuid is null or id < $1) order by id desc limit $2`

export const listAdministrators = () =>
  read(staffIdentityOperations.listAdministrators, async (input, _caller, { rows }) => {
    const { before, rowsMax, limit } = pageBounds(input)
    const found = await rows<Row>(statement, [before, rowsMax])
    const body = pageOf(
      found,
      limit,
      ({ id }) => id,
      // The statement finds administrators alone.
      ({ id, platformRole, ...rest }) => ({ accountId: id as StaffId, ...rest, role: platformRole! }),
    )
    return { kind: 'ok', body }
  })
