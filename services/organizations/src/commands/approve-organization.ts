import { type OrganizationStatus, organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { toldOrganization } from '../domain/profile.ts'
import { isOfPolicy } from '../domain/standing.ts'
import { organizationOf } from '../organization-rows.ts'
import { recordedCommand } from '../recorded-command.ts'
import { rowsOf } from '../rows.ts'

const operation = organizationOperations.approveOrganization
type ApproveAnswer = { readonly status: OrganizationStatus }

export const approveOrganization = () =>
  recordedCommand(operation, {
    prepare: () => null,
    stream: ({ organizationId }) => organizationId,
    mayCall: ({ caller }) => isOfPolicy(operation, caller),
    async run(transaction, { input: { organizationId, approved } }) {
      const organization = await organizationOf(rowsOf(transaction), organizationId)
      if (organization === undefined) return reject('not-found')
      const status = approved ? 'approved' : 'blocked'
      if (organization.status === status) return { kind: 'accepted', answer: { status }, changes: [] }
      await transaction.query('update organizations set status = $2 where organization_id = $1', [
        organizationId,
        status,
      ])
      return {
        kind: 'accepted',
        answer: { status },
        events: [{ type: approved ? 'organization-approved' : 'organization-blocked', data: {} }],
        changes: [
          {
            organizationId,
            thing: 'organization',
            thingId: organizationId,
            action: 'changed',
            after: toldOrganization(organization, status),
          },
        ],
      }
    },
    present: (answer: ApproveAnswer) => answer,
  })
