import { isId } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import type { Account } from '../domain/account.ts'
import type { realmInternals } from '../realm-operations.ts'

type DescribeAccounts = (typeof realmInternals)[keyof typeof realmInternals]['describeAccounts']
type Row = Pick<Account, 'firstName' | 'lastName' | 'email' | 'phone' | 'showsFullName'> & {
  accountId: string
}

const statement = /* sql */ `
  select id as "accountId", first_name as "firstName", last_name as "lastName", email, phone,
    shows_full_name as "showsFullName"
  from accounts where id = any ($1::uuid[])`

export const describeAccounts = (operation: DescribeAccounts) =>
  read(operation, async ({ accountIds }, _caller, { rows }) => {
    const items = await rows<Row>(statement, [accountIds.filter(isId)])
    return { kind: 'ok', body: { items: [...items] } }
  })
