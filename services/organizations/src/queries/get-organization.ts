import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { memberRead } from '../guarded-read.ts'
import { organizationOf } from '../organization-rows.ts'

export const getOrganization = () =>
  memberRead(organizationOperations.getOrganization, async ({ organizationId }, context, authority) => {
    const organization = await organizationOf(context.rows, organizationId)
    if (organization === undefined) return reject('not-found')
    const { createdAt, version, ...shown } = organization
    const { role, isPreview } = authority
    return {
      kind: 'ok',
      version,
      body: { ...shown, role, isPreview, createdAt: createdAt.toISOString(), version },
    }
  })
