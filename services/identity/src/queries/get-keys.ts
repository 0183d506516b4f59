import type { OutputOf } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import type { IdentityParts } from '../parts.ts'
import type { RealmOperations } from '../realm-operations.ts'

type PublicKey = OutputOf<RealmOperations['getKeys']>['keys'][number]

/** The newest first, so that the one that is needed longest is never the one that is cut off. */
const statement = /* sql */ `
  select public_key as "publicKey" from signing_keys
  where published_until is null or published_until > $1 order by signs_from desc limit 10`

export const getKeys = (operation: RealmOperations['getKeys'], { clock }: Pick<IdentityParts, 'clock'>) =>
  read(operation, async (_input, _caller, { rows }) => {
    const found = await rows<{ publicKey: PublicKey }>(statement, [new Date(clock.now())])
    return { kind: 'ok', body: { keys: found.map(({ publicKey }) => publicKey) } }
  })
