import {
  playerIdentityInternals,
  playerIdentityOperations as players,
  staffIdentityOperations as staff,
  staffIdentityInternals,
} from '@matchday/contracts'

/** The operations that both realms have, by what they do: one handler serves both. */
export const realmOperations = {
  staff: {
    getSignIn: staff.getStaffSignIn,
    signUp: staff.signUpStaff,
    confirmEmail: staff.confirmStaffEmail,
    signIn: staff.signInStaff,
    renewSession: staff.renewStaffSession,
    signOut: staff.signOutStaff,
    startOidc: staff.startStaffOidc,
    finishOidc: staff.finishStaffOidc,
    requestReset: staff.requestStaffReset,
    resetPassword: staff.resetStaffPassword,
    changePassword: staff.changeStaffPassword,
    deleteAccount: staff.deleteStaffAccount,
    listSessions: staff.listStaffSessions,
    endSession: staff.endStaffSession,
    getKeys: staff.getStaffKeys,
    listMails: staff.listStaffMails,
    signOutAccount: staff.signOutStaffAccount,
    listSignOuts: staff.listStaffSignOuts,
  },
  players: {
    getSignIn: players.getPlayerSignIn,
    signUp: players.signUpPlayer,
    confirmEmail: players.confirmPlayerEmail,
    signIn: players.signInPlayer,
    renewSession: players.renewPlayerSession,
    signOut: players.signOutPlayer,
    startOidc: players.startPlayerOidc,
    finishOidc: players.finishPlayerOidc,
    requestReset: players.requestPlayerReset,
    resetPassword: players.resetPlayerPassword,
    changePassword: players.changePlayerPassword,
    deleteAccount: players.deletePlayerAccount,
    listSessions: players.listPlayerSessions,
    endSession: players.endPlayerSession,
    getKeys: players.getPlayerKeys,
    listMails: players.listPlayerMails,
    signOutAccount: players.signOutPlayerAccount,
    listSignOuts: players.listPlayerSignOuts,
  },
} as const

export const realmInternals = { staff: staffIdentityInternals, players: playerIdentityInternals } as const

type Both = typeof realmOperations
export type RealmOperations = {
  readonly [Name in keyof Both['staff'] & keyof Both['players']]: Both['staff'][Name] | Both['players'][Name]
}
