import { defineOrganizations } from '@matchday/organizations'
import { registrationOf } from './config.ts'
import type { Role } from './role.ts'
import { startService } from './service-role.ts'

export const startOrganizationsRole: Role['start'] = (context) => {
  const { config, keys } = context
  if (keys.secretFor === null) throw new Error('the settings were to be checked for a key with secrets')
  const definition = defineOrganizations({
    registration: registrationOf(config),
    publicAddress: () => context.publicAddress(),
    linkKey: keys.secretFor('links of invitations'),
  })
  return startService(context, { ...definition, name: 'organizations' })
}
