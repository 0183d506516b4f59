import { type OrganizationId, organizationOperations } from '@matchday/contracts'
import { accountIn } from '../domain/actor.ts'
import { guardedRead } from '../guarded-read.ts'

export const getPreview = () =>
  guardedRead(organizationOperations.getPreview, async (_input, context, caller) => {
    const [preview] = await context.rows<{ organizationId: OrganizationId; name: string; until: Date }>(
      `select organization_id as "organizationId", name, until
       from previews join organizations using (organization_id)
       where account_id = $1 and until > now()`,
      [accountIn(caller)],
    )
    return {
      kind: 'ok',
      body: { preview: preview === undefined ? null : { ...preview, until: preview.until.toISOString() } },
    }
  })
