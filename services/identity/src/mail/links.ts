import type { Realm } from '@matchday/contracts'
import type { DerivedKeys } from '../tokens/derived-keys.ts'
import { type LinkKind, makeOneTimeToken } from '../tokens/one-time-token.ts'

/** Pages of the web app. The token is in the fragment: browsers send that to nobody, and no log has it. */
const pages = {
  staff: { 'sign-up': 'office/confirm', reset: 'office/reset', setup: 'setup' },
  players: { 'sign-up': 'me/confirm', reset: 'me/reset', setup: 'setup' },
} as const satisfies Record<Realm, Partial<Record<LinkKind, string>>>

export type PageLink = keyof (typeof pages)[Realm]

export type Links = (kind: PageLink, id: string) => string

export function createLinks(realm: Realm, keys: DerivedKeys, publicUrl: () => string): Links {
  return (kind, id) => `${publicUrl()}/${pages[realm][kind]}#${makeOneTimeToken(keys, kind, id)}`
}
