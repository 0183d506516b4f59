import {
  newId,
  type OrganizationId,
  type OrganizationStatus,
  organizationOperations,
} from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import type { OrganizationsConfig } from '../config.ts'
import { accountIn } from '../domain/actor.ts'
import { identityOf } from '../domain/identity-of-name.ts'
import { changedProfile, toldOrganization } from '../domain/profile.ts'
import { statusAtRegistration } from '../domain/registration.ts'
import { isRejected } from '../domain/rejected.ts'
import { isOfPolicy } from '../domain/standing.ts'
import { addMember, hasDeparted, isInTooMany, lockAccount } from '../membership.ts'
import { isNameTaken, nameConflict } from '../organization-rows.ts'
import { recordedCommand } from '../recorded-command.ts'
import { rowsOf } from '../rows.ts'

const operation = organizationOperations.registerOrganization
type RegisterAnswer = { readonly organizationId: OrganizationId; readonly status: OrganizationStatus }
const nothing = { name: '', address: null, website: null }

export const registerOrganization = ({ registration }: Pick<OrganizationsConfig, 'registration'>) =>
  recordedCommand(operation, {
    prepare: () => ({ organizationId: newId<'organization'>() }),
    stream: (_input, { organizationId }) => organizationId,
    mayCall: ({ caller }) => isOfPolicy(operation, caller),
    conflicts: nameConflict,
    async run(transaction, { input, caller, facts: { organizationId }, now }) {
      const accountId = accountIn(caller)
      const platformRole = caller.kind === 'staff' ? caller.platformRole : undefined
      const begun = statusAtRegistration(registration, platformRole)
      if (isRejected(begun)) return begun
      const { status } = begun
      const profile = changedProfile(nothing, input)
      const { name, address, website } = profile
      const key = identityOf(name)
      if (await isNameTaken(rowsOf(transaction), key, organizationId)) return reject('name-taken')
      await lockAccount(transaction, accountId)
      if (await hasDeparted(transaction, accountId)) return reject('not-allowed')
      if (await isInTooMany(transaction, accountId)) return reject('limit-reached')

      await transaction.query(
        `insert into organizations
         (organization_id, name, name_key, address, website, status, version, created_at)
         values ($1, $2, $3, $4, $5, $6, 0, $7)`,
        [organizationId, name, key, address, website, status, now],
      )
      const owner = await addMember(transaction, { organizationId, accountId }, 'owner', now)
      const after = toldOrganization(profile, status)
      return {
        kind: 'accepted',
        answer: { organizationId, status },
        events: [
          { type: 'organization-registered', data: { name, status } },
          { type: 'member-added', data: { accountId, role: 'owner' } },
        ],
        changes: [
          { organizationId, thing: 'organization', thingId: organizationId, action: 'created', after },
          owner,
        ],
      }
    },
    present: (answer: RegisterAnswer, version) => ({ ...answer, version }),
  })
