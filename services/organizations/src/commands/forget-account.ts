import { organizationInternals } from '@matchday/contracts'
import { lockAccount } from '../membership.ts'
import { leavePreviews } from '../preview.ts'
import { recordedCommand } from '../recorded-command.ts'

/** Far longer than any token of a deleted account is good. */
const departedHours = 24

/**
 * From here on the account joins nothing, although a token of it may still be good for a moment: so whoever takes it
 * out of its organisations next finds all of them.
 */
export const forgetAccount = () =>
  recordedCommand(organizationInternals.forgetAccount, {
    prepare: () => null,
    stream: ({ accountId }) => accountId,
    mayCall: ({ caller }) => caller.kind === 'service',
    async run(transaction, { input: { accountId }, now }) {
      await lockAccount(transaction, accountId)
      await transaction.query(
        'insert into departed_accounts (account_id, at) values ($1, $2) on conflict do nothing',
        [accountId, now],
      )
      await transaction.query(
        'delete from departed_accounts where at < $1::timestamptz - make_interval(hours => $2)',
        [now, departedHours],
      )
      const changes = await leavePreviews(transaction, accountId, null)
      return { kind: 'accepted', answer: {}, changes }
    },
    present: () => ({}),
  })
