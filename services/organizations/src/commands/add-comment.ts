import {
  type CommentId,
  newId,
  normalizeText,
  organizationLimits,
  organizationOperations,
} from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { actorIn } from '../domain/actor.ts'
import { incidentOf } from '../incident-rows.ts'
import { memberCommand } from '../member-command.ts'
import { rowsOf } from '../rows.ts'

type CommentAnswer = { readonly commentId: CommentId }

export const addComment = () =>
  memberCommand(organizationOperations.addComment, {
    async run(transaction, { input, caller, now }) {
      const { organizationId, incidentId } = input
      const incident = await incidentOf(rowsOf(transaction), organizationId, incidentId)
      if (incident === undefined) return reject('not-found')
      if (incident.comments >= organizationLimits.commentsPerIncidentMax) return reject('limit-reached')
      const commentId = newId<'comment'>(Date.parse(now))
      const content = normalizeText(input.content)
      const author = actorIn(caller)
      await transaction.query(
        `insert into comments
         (comment_id, organization_id, incident_id, content, author_kind, author_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [commentId, organizationId, incidentId, content, author.kind, author.id, now],
      )
      const after = { incidentId, content }
      return {
        kind: 'accepted',
        answer: { commentId },
        changes: [{ organizationId, thing: 'comment', thingId: commentId, action: 'created', after }],
      }
    },
    present: (answer: CommentAnswer) => answer,
  })
