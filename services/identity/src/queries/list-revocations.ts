import { identityLimits, type SessionId } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import type { IdentityParts } from '../parts.ts'
import type { realmInternals } from '../realm-operations.ts'

type ListRevocations = (typeof realmInternals)[keyof typeof realmInternals]['listRevocations']
type Row = {
  readonly id: string
  readonly accountId: string
  readonly sessionId: SessionId | null
  readonly generation: number | null
}

/** A token that was given before is over by then, and a clock may be wrong by some minutes. */
export const revocationsKeptS = identityLimits.accessTokenS + 5 * 60
const pageMax = 1_000

const statement = /* sql */ `
  select id, account_id as "accountId", session_id as "sessionId", generation from revocations
  where at > $1 and id > $2 order by id limit ${pageMax}`

export const listRevocations = (operation: ListRevocations, { clock }: Pick<IdentityParts, 'clock'>) =>
  read(operation, async ({ after }, _caller, { rows }) => {
    const since = new Date(clock.now() - revocationsKeptS * 1_000)
    const first = after !== undefined && /^[0-9]{1,18}$/.test(after) ? after : '0'
    const found = await rows<Row>(statement, [since, first])
    const accounts = found.flatMap(({ accountId, generation }) =>
      generation === null ? [] : [{ accountId, generation }],
    )
    const sessions = found.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId]))
    const next = found.length === pageMax ? (found.at(-1)?.id ?? null) : null
    return { kind: 'ok', body: { accounts, sessions, next } }
  })
