export {
  type IdentityConfig,
  type MailNotice,
  type OidcConfig,
  type RegistrationMode,
  type SuperadminConfig,
  superadminPasswordProblem,
} from './config.ts'
export { identityMigrations } from './migrations/index.ts'
export { defineIdentity } from './service.ts'
