import { type ApiKeyId, type OrganizationId, type Scope, staffIdentityInternals } from '@matchday/contracts'
import { read, reject } from '@matchday/kernel'
import type { IdentityParts } from '../parts.ts'

type Row = {
  readonly keyId: ApiKeyId
  readonly organizationId: OrganizationId
  readonly scopes: Scope[]
  readonly expiresAt: Date | null
}

/** When it was used last is kept to the minute, so that a busy program does not write with each request. */
const statement = /* sql */ `
  with used as (
    update api_keys set used_at = $2
    where hash = $1 and (expires_at is null or expires_at > $2)
      and (used_at is null or used_at <= $2::timestamptz - interval '1 minute')
  )
  select id as "keyId", organization_id as "organizationId", scopes, expires_at as "expiresAt"
  from api_keys where hash = $1 and (expires_at is null or expires_at > $2)`

export const findApiKey = ({ clock }: Pick<IdentityParts, 'clock'>) =>
  read(staffIdentityInternals.findApiKey, async ({ hash }, _caller, { rows }) => {
    const [found] = await rows<Row>(statement, [hash, new Date(clock.now())])
    if (found === undefined) return reject('not-found')
    return { kind: 'ok', body: { ...found, expiresAt: found.expiresAt?.toISOString() ?? null } }
  })
