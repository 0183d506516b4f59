import { isId } from '@matchday/contracts'
import { areEqual, type DerivedKeys } from './derived-keys.ts'

export const linkKinds = ['sign-up', 'reset', 'setup', 'oidc'] as const
/** `sign-up`: confirms an address · `reset`: sets a password · `setup`: makes the first account · `oidc`: comes back. */
export type LinkKind = (typeof linkKinds)[number]

/** `<id>.<256 bits>`, derived from kind and id: nothing that is kept anywhere leads in. */
export function makeOneTimeToken(keys: DerivedKeys, kind: LinkKind, id: string): string {
  return `${id}.${keys.mac('link', kind, id).toString('base64url')}`
}

/** The id, if the token is one of ours and of this kind. Whether it is still good says the row with the id. */
export function readOneTimeToken(keys: DerivedKeys, kind: LinkKind, token: string): string | null {
  const id = token.slice(0, token.indexOf('.'))
  if (!isId(id)) return null
  return areEqual(Buffer.from(makeOneTimeToken(keys, kind, id)), Buffer.from(token)) ? id : null
}
