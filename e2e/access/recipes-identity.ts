import {
  newId,
  type playerIdentityOperations,
  type Realm,
  type staffIdentityOperations,
} from '@matchday/contracts'
import {
  type Account,
  freshEmail,
  freshPassword,
  makeAdministrator,
  realmOperations,
  signIn,
  tokensOf,
} from '../support/accounts.ts'
import { must } from '../support/client.ts'
import {
  accountOf,
  hasAccount,
  organizationIn,
  organizationKindOf,
  type Place,
  stewardOf,
  thingsIn,
} from './place.ts'
import type { Recipe } from './recipe.ts'

const plain: Recipe = { asking: () => ({}) }
const names = { firstName: 'Nora', lastName: 'Newcomer' }
const nobodysLink = `${newId()}.${'A'.repeat(43)}`

/** Somebody of the realm whose sessions come and go. */
const somebodyOf = ({ world }: Place, realm: Realm): Account =>
  realm === 'staff' ? world.people.helper : world.people.otherPlayer

/** A session of an account besides the one that the tests use. */
async function anotherSession({ world }: Place, { realm, email, password }: Account) {
  const { body } = await must(world.url, realmOperations[realm].signIn, { body: { email, password } })
  return body
}

function sharedRecipes(realm: Realm) {
  return {
    getSignIn: plain,
    signUp: { asking: () => ({ body: { email: freshEmail(), password: freshPassword(), ...names } }) },
    confirmEmail: { asking: () => ({ body: { token: nobodysLink, password: freshPassword() } }) },
    signIn: {
      asking: (place) => {
        const { email, password } = somebodyOf(place, realm)
        return { body: { email, password } }
      },
      // It has ended the session that he came with.
      afterwards: async (place) => {
        if (hasAccount(place.caller)) await signIn(place.world.url, accountOf(place))
      },
    },
    renewSession: {
      asking: async (place) => {
        if (!place.succeeds) return { body: { refreshToken: nobodysLink } }
        const { refreshToken } = await anotherSession(place, somebodyOf(place, realm))
        return { body: { refreshToken } }
      },
    },
    signOut: {
      asking: () => ({}),
      afterwards: async (place) => void (await signIn(place.world.url, accountOf(place))),
    },
    startOidc: { asking: () => ({ body: {} }) },
    finishOidc: { asking: () => ({ body: { handle: nobodysLink, code: 'code', state: 'state' } }) },
    requestReset: { asking: () => ({ body: { email: freshEmail() } }) },
    resetPassword: { asking: () => ({ body: { token: nobodysLink, newPassword: freshPassword() } }) },
    changePassword: {
      asking: (place) => {
        if (!place.succeeds) return { body: { oldPassword: 'a guess', newPassword: freshPassword() } }
        const account = accountOf(place)
        const oldPassword = account.password
        account.password = freshPassword()
        return { body: { oldPassword, newPassword: account.password } }
      },
      afterwards: (place, { text }) => void Object.assign(accountOf(place), tokensOf(JSON.parse(text))),
    },
    deleteAccount: { asking: () => ({ body: { password: 'a guess' } }) },
    listSessions: plain,
    endSession: {
      asking: async (place) => {
        const { column, world } = place
        if (column === 'unknown') return { params: { sessionId: newId() } }
        // Nobody of the table is he.
        if (column === 'others' || !place.succeeds) {
          return { params: { sessionId: somebodyOf(place, realm).sessionId } }
        }
        const { sessionId } = await anotherSession({ ...place, world }, accountOf(place))
        return { params: { sessionId } }
      },
    },
    getKeys: plain,
    listMails: {
      asking: ({ column }) => {
        const headers: Record<string, Record<string, string>> = {
          proxied: { 'x-forwarded-for': '127.0.0.1' },
          renamed: { host: 'matchday.example' },
          foreign: { origin: 'https://evil.example' },
        }
        return { headers: headers[column] ?? {} }
      },
    },
    getProfile: plain,
    changeProfile: { asking: () => ({ body: { language: 'en' } }) },
  } as const satisfies Record<string, Recipe>
}

const staff = sharedRecipes('staff')
const players = sharedRecipes('players')

/** The administrator, or the account that is none, of the column. */
function accountIdIn({ world, column }: Place): string {
  const { admin, root, support } = world.people
  const ids: Record<string, string> = { admin: admin.id, root: root.id, staff: support.id }
  return ids[column] ?? newId()
}

const inOrganization = (place: Place) => ({ organizationId: organizationIn(place).id })
const keyBody = { name: 'Key', scopes: ['tournaments:read'] } as const

export const identityRecipes: Record<
  keyof typeof staffIdentityOperations | keyof typeof playerIdentityOperations,
  Recipe
> = {
  getStaffSignIn: staff.getSignIn,
  signUpStaff: staff.signUp,
  confirmStaffEmail: staff.confirmEmail,
  signInStaff: staff.signIn,
  renewStaffSession: staff.renewSession,
  signOutStaff: staff.signOut,
  startStaffOidc: staff.startOidc,
  finishStaffOidc: staff.finishOidc,
  requestStaffReset: staff.requestReset,
  resetStaffPassword: staff.resetPassword,
  changeStaffPassword: staff.changePassword,
  deleteStaffAccount: staff.deleteAccount,
  listStaffSessions: staff.listSessions,
  endStaffSession: staff.endSession,
  getStaffKeys: staff.getKeys,
  listStaffMails: staff.listMails,
  getStaffProfile: staff.getProfile,
  changeStaffProfile: staff.changeProfile,

  getPlayerSignIn: players.getSignIn,
  signUpPlayer: players.signUp,
  confirmPlayerEmail: players.confirmEmail,
  signInPlayer: players.signIn,
  renewPlayerSession: players.renewSession,
  signOutPlayer: players.signOut,
  startPlayerOidc: players.startOidc,
  finishPlayerOidc: players.finishOidc,
  requestPlayerReset: players.requestReset,
  resetPlayerPassword: players.resetPassword,
  changePlayerPassword: players.changePassword,
  deletePlayerAccount: players.deleteAccount,
  listPlayerSessions: players.listSessions,
  endPlayerSession: players.endSession,
  getPlayerKeys: players.getKeys,
  listPlayerMails: players.listMails,
  getPlayerProfile: players.getProfile,
  changePlayerProfile: players.changeProfile,
  exportPlayerData: plain,

  listAdministrators: plain,
  addAdministrator: { asking: () => ({ body: { email: freshEmail(), ...names } }) },
  changeAdministrator: {
    asking: (place) => ({ params: { accountId: accountIdIn(place) }, body: { firstName: 'Grace' } }),
  },
  removeAdministrator: {
    asking: async (place) => {
      const { world, succeeds } = place
      if (!succeeds) return { params: { accountId: accountIdIn(place) } }
      const { id } = await makeAdministrator(world.url, world.mailbox, world.people.root)
      return { params: { accountId: id } }
    },
  },
  listAdministratorChanges: plain,
  signOutStaffAccount: {
    asking: async (place) => {
      const { world, column, succeeds } = place
      const { helper, admin, root } = world.people
      if (column === 'unknown') return { body: { email: freshEmail() } }
      if (column === 'staff') return { body: { email: helper.email } }
      if (!succeeds) return { body: { email: column === 'root' ? root.email : admin.email } }
      const { email } = await makeAdministrator(world.url, world.mailbox, root)
      return { body: { email } }
    },
    afterwards: async ({ world }) => void (await signIn(world.url, world.people.helper)),
  },
  listStaffSignOuts: plain,
  signOutPlayerAccount: {
    asking: ({ world, column }) => ({
      body: { email: column === 'unknown' ? freshEmail() : world.people.otherPlayer.email },
    }),
    afterwards: async ({ world }) => void (await signIn(world.url, world.people.otherPlayer)),
  },
  listPlayerSignOuts: plain,
  createApiKey: { asking: (place) => ({ params: inOrganization(place), body: keyBody }) },
  listApiKeys: { asking: (place) => ({ params: inOrganization(place) }) },
  revokeApiKey: {
    asking: async (place) => {
      const { world, column, succeeds } = place
      if (!succeeds) return { params: { ...inOrganization(place), keyId: thingsIn(place).keyId } }
      const { body } = await must(world.url, 'createApiKey', {
        path: inOrganization(place),
        token: stewardOf(world, organizationKindOf(column)).accessToken,
        body: keyBody,
      })
      return { params: { ...inOrganization(place), keyId: body.keyId } }
    },
  },
}
