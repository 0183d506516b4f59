import type { Realm } from '@matchday/contracts'
import type { DerivedKeys } from '../tokens/derived-keys.ts'
import { type LinkKind, makeOneTimeToken } from '../tokens/one-time-token.ts'

/** Pages of the web app. The token is in the fragment: browsers send that to nobody, and no log has it. */
const pages = { 'sign-up': 'confirm', reset: 'reset', setup: 'setup' } as const

export type PageLink = keyof typeof pages & LinkKind

export type Links = (kind: PageLink, id: string) => string

export function createLinks(realm: Realm, keys: DerivedKeys, publicUrl: () => string): Links {
  return (kind, id) => `${publicUrl()}/${realm}/${pages[kind]}#${makeOneTimeToken(keys, kind, id)}`
}
