export type { IdentityConfig, MailNotice, OidcConfig, RegistrationMode, SuperadminConfig } from './config.ts'
export { defineIdentity } from './service.ts'
