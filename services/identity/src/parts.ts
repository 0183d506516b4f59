import { type Budgets, createBudgets } from './budgets/budgets.ts'
import type { CompleteIdentityConfig } from './config.ts'
import { createLinks, type Links } from './mail/links.ts'
import { createOidcClient, type OidcClient } from './oidc/oidc-client.ts'
import { createPasswordHasher, type PasswordHasher } from './passwords/hasher.ts'
import { type DerivedKeys, deriveKeys } from './tokens/derived-keys.ts'
import { createSigningKeys, type SigningKeys } from './tokens/signing-keys.ts'

/** What handlers are made from; each takes what it uses. */
export type IdentityParts = Pick<CompleteIdentityConfig, 'realm' | 'registration' | 'clock' | 'newId'> & {
  readonly keys: DerivedKeys
  readonly signingKeys: SigningKeys
  readonly passwords: PasswordHasher
  readonly budgets: Budgets
  readonly links: Links
  /** Null: no other service to sign in with. */
  readonly oidc: OidcClient | null
}

export function createParts(config: CompleteIdentityConfig): IdentityParts {
  const { realm, registration, clock, newId } = config
  const keys = deriveKeys(config.secret, realm)
  return {
    realm,
    registration,
    clock,
    newId,
    keys,
    signingKeys: createSigningKeys(keys, config.keyTimes),
    passwords: createPasswordHasher(config.hashing),
    budgets: createBudgets(config.budgets, keys, clock),
    links: createLinks(realm, keys, config.publicUrl),
    oidc: config.oidc === undefined ? null : createOidcClient(config.oidc, keys, clock),
  }
}
