import type { RegistrationMode } from './domain/registration.ts'

/** What the service needs from the outside. */
export type OrganizationsConfig = {
  readonly registration: RegistrationMode
  /** Where people reach Matchday, without a slash at the end: links begin with it. */
  readonly publicAddress: () => string
  /** At least 32 secret bytes, the same for all instances: tokens of invitations are derived from them. */
  readonly linkKey: Uint8Array
}
