import type { OperationName } from '@matchday/contracts'
import type { Realm } from '@matchday/contracts/roles'

/** Both realms say the same things, under names of their own. */
export const operationsOf = {
  staff: {
    getSignIn: 'getStaffSignIn',
    signUp: 'signUpStaff',
    confirmEmail: 'confirmStaffEmail',
    signIn: 'signInStaff',
    startOidc: 'startStaffOidc',
    finishOidc: 'finishStaffOidc',
    requestReset: 'requestStaffReset',
    resetPassword: 'resetStaffPassword',
    signOut: 'signOutStaff',
    changePassword: 'changeStaffPassword',
    deleteAccount: 'deleteStaffAccount',
    listSessions: 'listStaffSessions',
    endSession: 'endStaffSession',
  },
  players: {
    getSignIn: 'getPlayerSignIn',
    signUp: 'signUpPlayer',
    confirmEmail: 'confirmPlayerEmail',
    signIn: 'signInPlayer',
    startOidc: 'startPlayerOidc',
    finishOidc: 'finishPlayerOidc',
    requestReset: 'requestPlayerReset',
    resetPassword: 'resetPlayerPassword',
    signOut: 'signOutPlayer',
    changePassword: 'changePlayerPassword',
    deleteAccount: 'deletePlayerAccount',
    listSessions: 'listPlayerSessions',
    endSession: 'endPlayerSession',
  },
} as const satisfies Record<Realm, Record<string, OperationName>>

/** Where each realm is at home; its other addresses lie below. */
export const homeOf = { staff: '/office', players: '/me' } as const satisfies Record<Realm, string>
