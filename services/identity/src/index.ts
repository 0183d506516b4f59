export type { IdentityConfig, MailNotice, OidcConfig, RegistrationMode, SuperadminConfig } from './config.ts'
export { identityMigrations } from './migrations/index.ts'
export { defineIdentity } from './service.ts'
