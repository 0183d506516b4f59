import { type OrganizationId, organizationLimits, organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { accountIn } from '../domain/actor.ts'
import { isOfPolicy } from '../domain/standing.ts'
import { leavePreviews, previewChange, turnOf } from '../preview.ts'
import { recordedCommand } from '../recorded-command.ts'

const operation = organizationOperations.enterPreview
type PreviewAnswer = { readonly organizationId: OrganizationId; readonly until: string }

export const enterPreview = () =>
  recordedCommand(operation, {
    prepare: () => null,
    stream: (_input, _facts, caller) => turnOf(caller),
    mayCall: ({ caller }) => isOfPolicy(operation, caller),
    async run(transaction, { input: { organizationId }, caller }) {
      // Held to the end of the transaction: it can't be deleted meanwhile.
      const found = await transaction.query(
        'select from organizations where organization_id = $1 for key share',
        [organizationId],
      )
      if (found.length === 0) return reject('not-found')
      const accountId = accountIn(caller)
      // He looks into one at a time.
      const left = await leavePreviews(transaction, accountId, organizationId)
      const [preview] = await transaction.query<{ until: Date }>(
        `insert into previews (account_id, organization_id, until)
         values ($1, $2, now() + make_interval(hours => $3))
         on conflict (account_id) do update set until = excluded.until
         returning until`,
        [accountId, organizationId, organizationLimits.previewHours],
      )
      const until = preview!.until.toISOString()
      return {
        kind: 'accepted',
        answer: { organizationId, until },
        changes: [...left, previewChange(organizationId, { until })],
      }
    },
    present: (answer: PreviewAnswer) => answer,
  })
