import { type ApiKeyId, type Scope, type StaffId, staffIdentityOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { ownerRefusal } from '../accounts/standing.ts'
import { pageBounds, pageOf } from './page.ts'

type Row = {
  readonly keyId: ApiKeyId
  readonly name: string
  readonly scopes: Scope[]
  readonly start: string
  readonly createdAt: Date
  readonly createdBy: StaffId | null
  readonly expiresAt: Date | null
  readonly usedAt: Date | null
}

const statement = /* sql */ `
  select id as "keyId", name, scopes, start, created_at as "createdAt", created_by as "createdBy",
    expires_at as "expiresAt", used_at as "usedAt"
  from api_keys where organization_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`

export const listApiKeys = () =>
  read(staffIdentityOperations.listApiKeys, async (input, caller, { rows, ask }) => {
    const { organizationId } = input
    const refusal = await ownerRefusal({ ask, caller }, organizationId)
    if (refusal !== null) return refusal
    const { before, rowsMax, limit } = pageBounds(input)
    const found = await rows<Row>(statement, [organizationId, before, rowsMax])
    const body = pageOf(
      found,
      limit,
      ({ keyId }) => keyId,
      ({ createdAt, expiresAt, usedAt, ...rest }) => ({
        ...rest,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt?.toISOString() ?? null,
        usedAt: usedAt?.toISOString() ?? null,
      }),
    )
    return { kind: 'ok', body }
  })
