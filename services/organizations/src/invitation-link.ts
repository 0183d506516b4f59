import { createHash, createHmac } from 'node:crypto'
import type { InvitationId } from '@matchday/contracts'
import type { OrganizationsConfig } from './config.ts'

/**
 * The token of an invitation: its id, and 256 bits that follow from the id and the key of the service. So it can be
 * told again to whoever sends his request again, although it is kept nowhere.
 */
export function invitationToken(id: InvitationId, linkKey: Uint8Array): string {
  const secret = createHmac('sha256', linkKey).update(`invitation:${id}`).digest('base64url')
  return `${id}.${secret}`
}

/** All that is kept of a token. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The token stands behind the `#`: browsers don't send that part to any server. */
export function invitationLink(id: InvitationId, config: OrganizationsConfig): string {
  return `${config.publicAddress()}/invite#${invitationToken(id, config.linkKey)}`
}
