import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { identityOf } from '../domain/identity-of-name.ts'
import { changedProfile, isSameProfile, toldOrganization } from '../domain/profile.ts'
import { memberCommand } from '../member-command.ts'
import { isNameTaken, nameConflict, organizationOf } from '../organization-rows.ts'
import { rowsOf } from '../rows.ts'

export const changeOrganization = () =>
  memberCommand(organizationOperations.changeOrganization, {
    conflicts: nameConflict,
    async run(transaction, { input, expectedVersion }) {
      const { organizationId, ...typed } = input
      const rows = rowsOf(transaction)
      const organization = await organizationOf(rows, organizationId)
      if (organization === undefined) return reject('not-found')
      const { version, status } = organization
      if (expectedVersion !== undefined && expectedVersion !== version) {
        return reject('stale-version', `It is at version ${version} now.`)
      }
      const profile = changedProfile(organization, typed)
      if (isSameProfile(profile, organization)) return { kind: 'accepted', answer: {}, changes: [] }
      const { name, address, website } = profile
      const key = identityOf(name)
      if (await isNameTaken(rows, key, organizationId)) return reject('name-taken')
      await transaction.query(
        `update organizations set name = $2, name_key = $3, address = $4, website = $5
         where organization_id = $1`,
        [organizationId, name, key, address, website],
      )
      const after = toldOrganization(profile, status)
      return {
        kind: 'accepted',
        answer: {},
        events: [{ type: 'organization-changed', data: { name } }],
        changes: [
          { organizationId, thing: 'organization', thingId: organizationId, action: 'changed', after },
        ],
      }
    },
    present: (_answer, version) => ({ version }),
  })
