import {
  type InvitationId,
  newId,
  normalizeName,
  organizationLimits,
  organizationOperations,
} from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import type { OrganizationsConfig } from '../config.ts'
import { accountIn } from '../domain/actor.ts'
import { mayManage } from '../domain/managing.ts'
import { invitationLink, invitationToken, tokenHash } from '../invitation-link.ts'
import { memberCommand } from '../member-command.ts'

/** The link is made of the id each time that it is told. */
type InvitationAnswer = { readonly invitationId: InvitationId; readonly expiresAt: string }

export const createInvitation = (config: OrganizationsConfig) =>
  memberCommand(organizationOperations.createInvitation, {
    async run(transaction, { input: { organizationId, role, note }, caller, now }, authority) {
      if (!mayManage(authority, role)) return reject('not-junior')
      // Those that are over make room.
      await transaction.query('delete from invitations where organization_id = $1 and expires_at <= now()', [
        organizationId,
      ])
      const [open] = await transaction.query<{ count: number }>(
        'select count(*)::integer as count from invitations where organization_id = $1',
        [organizationId],
      )
      if (open!.count >= organizationLimits.invitationsOpenMax) return reject('limit-reached')

      const invitationId = newId<'invitation'>(Date.parse(now))
      const hash = tokenHash(invitationToken(invitationId, config.linkKey))
      const [created] = await transaction.query<{ expiresAt: Date }>(
        `insert into invitations
         (invitation_id, organization_id, role, note, token_hash, created_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8))
         returning expires_at as "expiresAt"`,
        [
          invitationId,
          organizationId,
          role,
          normalizeName(note ?? '') || null,
          hash,
          accountIn(caller),
          now,
          organizationLimits.invitationDays,
        ],
      )
      const expiresAt = created!.expiresAt.toISOString()
      return {
        kind: 'accepted',
        answer: { invitationId, expiresAt },
        changes: [
          {
            organizationId,
            thing: 'invitation',
            thingId: invitationId,
            action: 'created',
            // For whom it is stays out: it is somebody's name as a rule, and is forgotten with the invitation.
            after: { role, expiresAt },
          },
        ],
      }
    },
    present: (answer: InvitationAnswer) => ({ ...answer, link: invitationLink(answer.invitationId, config) }),
  })
