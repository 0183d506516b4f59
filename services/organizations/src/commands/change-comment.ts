import { normalizeText, organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { commentOf } from '../comment-rows.ts'
import { actorIn, isAuthor } from '../domain/actor.ts'
import { memberCommand } from '../member-command.ts'
import { rowsOf } from '../rows.ts'

export const changeComment = () =>
  memberCommand(organizationOperations.changeComment, {
    async run(transaction, { input, caller, now }) {
      const { organizationId, incidentId, commentId } = input
      const comment = await commentOf(rowsOf(transaction), input)
      if (comment === undefined) return reject('not-found')
      if (!isAuthor(actorIn(caller), comment)) return reject('not-author')
      const content = normalizeText(input.content)
      if (content === comment.content) return { kind: 'accepted', answer: {}, changes: [] }
      await transaction.query('update comments set content = $2, changed_at = $3 where comment_id = $1', [
        commentId,
        content,
        now,
      ])
      const after = { incidentId, content }
      return {
        kind: 'accepted',
        answer: {},
        changes: [{ organizationId, thing: 'comment', thingId: commentId, action: 'changed', after }],
      }
    },
    present: () => undefined,
  })
