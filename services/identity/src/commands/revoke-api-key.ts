import { staffIdentityOperations } from '@matchday/contracts'
import { reject, rowCommand } from '@matchday/kernel'
import { ownerRefusal } from '../accounts/standing.ts'

const deleteStatement = 'delete from api_keys where id = $1 and organization_id = $2 returning id'

export const revokeApiKey = () =>
  rowCommand(staffIdentityOperations.revokeApiKey, {
    prepare: async ({ organizationId }, context) =>
      (await ownerRefusal(context, organizationId)) ?? ({ kind: 'ready' } as const),
    stream: ({ keyId }) => keyId,
    run: async (transaction, { input, facts }) => {
      if (facts.kind === 'rejected') return facts
      const { organizationId, keyId } = input
      const gone = await transaction.query(deleteStatement, [keyId, organizationId])
      if (gone.length === 0) return reject('not-found')
      return { kind: 'accepted', answer: {}, events: [{ type: 'key-revoked', data: { organizationId } }] }
    },
    present: () => undefined,
  })
