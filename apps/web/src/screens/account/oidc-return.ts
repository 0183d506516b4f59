import type { Realm } from '@matchday/contracts/roles'
import { isObject } from '../../device/storage.ts'

/** What must be there when the other service sends the browser back: in this tab only, and only once. */
export type OidcReturn = { handle: string; path: string }

const keyOf = (realm: Realm) => `matchday.oidc.${realm}`

export function keepOidcReturn(realm: Realm, kept: OidcReturn): void {
  try {
    sessionStorage.setItem(keyOf(realm), JSON.stringify(kept))
  } catch {
    // Forbidden: coming back will fail, and say so.
  }
}

/** Takes it out: the other service's answer is good once, and so is this. */
export function takeOidcReturn(realm: Realm): OidcReturn | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(realm)) ?? 'null')
    sessionStorage.removeItem(keyOf(realm))
    return isOidcReturn(kept) ? kept : null
  } catch {
    return null
  }
}

/** Where to go on; only ever a page of this app. */
export function pathAfterOidc(kept: OidcReturn, home: string): string {
  return /^\/(?![/\\])/.test(kept.path) ? kept.path : home
}

function isOidcReturn(value: unknown): value is OidcReturn {
  return isObject(value) && typeof value.handle === 'string' && typeof value.path === 'string'
}
