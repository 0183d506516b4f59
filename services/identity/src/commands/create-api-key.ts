import { type ApiKeyId, identityLimits, normalizeName, staffIdentityOperations } from '@matchday/contracts'
import { reject, rowCommand } from '@matchday/kernel'
import { ownerRefusal } from '../accounts/standing.ts'
import type { IdentityParts } from '../parts.ts'
import { signedIn } from '../sessions/signed-in.ts'
import { hashOfKey, makeApiKey, startOfKey } from '../tokens/api-key.ts'

const dayMs = 24 * 60 * 60 * 1_000
const insertStatement = /* sql */ `
  insert into api_keys (id, organization_id, name, scopes, hash, start, created_at, created_by, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

export const createApiKey = ({ keys, newId }: Pick<IdentityParts, 'keys' | 'newId'>) =>
  rowCommand(staffIdentityOperations.createApiKey, {
    prepare: async ({ organizationId }, context) =>
      (await ownerRefusal(context, organizationId)) ??
      ({ kind: 'ready', keyId: newId<'api-key'>() } as const),
    stream: (_input, facts) => (facts.kind === 'ready' ? facts.keyId : newId()),
    run: async (transaction, { input, facts, caller, now }) => {
      if (facts.kind === 'rejected') return facts
      const { organizationId, name, scopes, expiresInDays } = input
      // Those of an organisation take turns, so that they can be counted.
      await transaction.query('select pg_advisory_xact_lock(hashtext($1))', [
        `identity keys ${organizationId}`,
      ])
      const [counted] = await transaction.query<{ count: number }>(
        'select count(*)::integer as count from api_keys where organization_id = $1',
        [organizationId],
      )
      if (counted!.count >= identityLimits.apiKeysPerOrganizationMax) return reject('limit-reached')
      const at = new Date(now)
      const expiresAt = expiresInDays === undefined ? null : new Date(at.getTime() + expiresInDays * dayMs)
      const { keyId } = facts
      const key = makeApiKey(keys, keyId)
      await transaction.query(insertStatement, [
        keyId,
        organizationId,
        normalizeName(name),
        scopes,
        hashOfKey(key),
        startOfKey(key),
        at,
        signedIn(caller).accountId,
        expiresAt,
      ])
      return {
        kind: 'accepted',
        answer: { keyId, expiresAt: expiresAt?.toISOString() ?? null },
        events: [{ type: 'key-created', data: { organizationId } }],
      }
    },
    // Made from its id once more, for whoever asks with the id of his own request.
    present: ({ keyId, expiresAt }) => ({
      keyId: keyId as ApiKeyId,
      key: makeApiKey(keys, String(keyId)),
      expiresAt: expiresAt as string | null,
    }),
  })
