import { read } from '@matchday/kernel'
import type { IdentityParts } from '../parts.ts'
import type { RealmOperations } from '../realm-operations.ts'
import { type Session, sessionColumns } from '../sessions/sessions.ts'
import { signedIn } from '../sessions/signed-in.ts'
import { pageBounds, pageOf } from './page.ts'

const statement = /* sql */ `
  select ${sessionColumns} from sessions
  where account_id = $1 and expires_at > $2 and ($3::uuid is null or id < $3) order by id desc limit $4`

export const listSessions = (
  operation: RealmOperations['listSessions'],
  { clock }: Pick<IdentityParts, 'clock'>,
) =>
  read(operation, async (input, caller, { rows }) => {
    const { accountId, sessionId } = signedIn(caller)
    const { before, rowsMax, limit } = pageBounds(input)
    const found = await rows<Session>(statement, [accountId, new Date(clock.now()), before, rowsMax])
    const body = pageOf(
      found,
      limit,
      ({ id }) => id,
      ({ id, beganAt, usedAt, device }) => ({
        // Ids of rows are what they were inserted as.
        id: id as typeof sessionId,
        beganAt: beganAt.toISOString(),
        usedAt: usedAt.toISOString(),
        device,
        isThis: id === sessionId,
      }),
    )
    return { kind: 'ok', body }
  })
