import { identityServiceOf } from '@matchday/contracts'
import type { HandlerEntry, ServiceDefinition } from '@matchday/kernel'
import { addAdministrator } from './commands/add-administrator.ts'
import { changeAdministrator } from './commands/change-administrator.ts'
import { changePassword } from './commands/change-password.ts'
import { changePlayerProfile, changeStaffProfile } from './commands/change-profile.ts'
import { confirmEmail } from './commands/confirm-email.ts'
import { createApiKey } from './commands/create-api-key.ts'
import { deleteAccount } from './commands/delete-account.ts'
import { endSession } from './commands/end-session.ts'
import { endSessionsOf } from './commands/end-sessions-of.ts'
import { finishOidc } from './commands/finish-oidc.ts'
import { removeAdministrator } from './commands/remove-administrator.ts'
import { renewSession } from './commands/renew-session.ts'
import { requestReset } from './commands/request-reset.ts'
import { resetPassword } from './commands/reset-password.ts'
import { revokeApiKey } from './commands/revoke-api-key.ts'
import { signIn } from './commands/sign-in.ts'
import { signOut } from './commands/sign-out.ts'
import { signOutAccount } from './commands/sign-out-account.ts'
import { signUp } from './commands/sign-up.ts'
import { startOidc } from './commands/start-oidc.ts'
import { type CompleteIdentityConfig, completeConfig, type IdentityConfig } from './config.ts'
import { identityFigures } from './figures.ts'
import { guarded } from './guarded.ts'
import { deliverMails } from './jobs/deliver-mails.ts'
import { firstAccount } from './jobs/first-account.ts'
import { rotateKeys } from './jobs/rotate-keys.ts'
import { tidyUp } from './jobs/tidy-up.ts'
import { createMailSender, type MailSender } from './mail/mail-sender.ts'
import { identityMigrations } from './migrations/index.ts'
import { createParts, type IdentityParts } from './parts.ts'
import { describeAccounts } from './queries/describe-accounts.ts'
import { exportPlayerData } from './queries/export-player-data.ts'
import { findApiKey } from './queries/find-api-key.ts'
import { getKeys } from './queries/get-keys.ts'
import { getPlayerProfile, getStaffProfile } from './queries/get-profile.ts'
import { getSignIn } from './queries/get-sign-in.ts'
import { listAdministratorChanges } from './queries/list-administrator-changes.ts'
import { listAdministrators } from './queries/list-administrators.ts'
import { listApiKeys } from './queries/list-api-keys.ts'
import { listMails } from './queries/list-mails.ts'
import { listRevocations } from './queries/list-revocations.ts'
import { listSessions } from './queries/list-sessions.ts'
import { listSignOuts } from './queries/list-sign-outs.ts'
import { organizationBlocked, organizationDeleted } from './reactions/organization-reactions.ts'
import { type RealmOperations, realmInternals, realmOperations } from './realm-operations.ts'

/** The service that holds the accounts of one realm: a handler for each operation of its contract. */
export function defineIdentity(config: IdentityConfig): ServiceDefinition {
  const complete = completeConfig(config)
  return defineWith(complete, createParts(complete))
}

/** The same of parts that are given. */
export function defineWith(complete: CompleteIdentityConfig, parts: IdentityParts): ServiceDefinition {
  const { realm, smtp, log } = complete
  const sender = smtp === undefined ? null : createMailSender(smtp, log)
  const handlers = [
    ...Object.values(sharedHandlers(complete, parts)),
    ...(realm === 'staff' ? staffHandlers(parts) : playerHandlers(parts)),
  ]
  const internals = [
    listRevocations(realmInternals[realm].listRevocations, parts),
    describeAccounts(realmInternals[realm].describeAccounts),
    ...(realm === 'staff' ? [findApiKey(parts), endSessionsOf()] : []),
  ]
  return {
    name: identityServiceOf[realm],
    handlers: named(handlers, parts),
    internals: named(internals, parts),
    views: [],
    migrations: identityMigrations,
    reactions: realm === 'staff' ? [organizationBlocked, organizationDeleted] : [],
    jobs: jobsOf(complete, parts, sender),
    figures: identityFigures({ ...parts, sender }),
  }
}

/** What both realms have. */
function sharedHandlers(config: CompleteIdentityConfig, parts: IdentityParts) {
  const operations: RealmOperations = realmOperations[config.realm]
  return {
    getSignIn: getSignIn(operations.getSignIn, config),
    signUp: signUp(operations.signUp, parts),
    confirmEmail: confirmEmail(operations.confirmEmail, parts),
    signIn: signIn(operations.signIn, parts),
    renewSession: renewSession(operations.renewSession, parts),
    signOut: signOut(operations.signOut),
    startOidc: startOidc(operations.startOidc, parts),
    finishOidc: finishOidc(operations.finishOidc, parts),
    requestReset: requestReset(operations.requestReset, parts),
    resetPassword: resetPassword(operations.resetPassword, parts),
    changePassword: changePassword(operations.changePassword, parts),
    deleteAccount: deleteAccount(operations.deleteAccount, parts),
    listSessions: listSessions(operations.listSessions, parts),
    endSession: endSession(operations.endSession),
    getKeys: getKeys(operations.getKeys, parts),
    listMails: listMails(operations.listMails, { ...parts, ...config }),
    signOutAccount: signOutAccount(operations.signOutAccount, parts),
    listSignOuts: listSignOuts(operations.listSignOuts),
  } satisfies Record<keyof RealmOperations, HandlerEntry>
}

function staffHandlers(parts: IdentityParts): HandlerEntry[] {
  return [
    getStaffProfile(),
    changeStaffProfile(parts),
    listAdministrators(),
    addAdministrator(parts),
    changeAdministrator(parts),
    removeAdministrator(parts),
    listAdministratorChanges(),
    createApiKey(parts),
    listApiKeys(),
    revokeApiKey(),
  ]
}

function playerHandlers(parts: IdentityParts): HandlerEntry[] {
  return [getPlayerProfile(), changePlayerProfile(parts), exportPlayerData(parts)]
}

function named(entries: readonly HandlerEntry[], parts: IdentityParts): Record<string, HandlerEntry> {
  return Object.fromEntries(entries.map((entry) => [entry.operation.name, guarded(entry, parts)]))
}

function jobsOf(config: CompleteIdentityConfig, parts: IdentityParts, sender: MailSender | null) {
  const { onMail } = config
  return [
    firstAccount({ ...parts, ...config }),
    rotateKeys(parts),
    deliverMails({ ...parts, sender, onMail }),
    tidyUp(parts),
  ]
}
