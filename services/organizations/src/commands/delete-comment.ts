import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { commentOf } from '../comment-rows.ts'
import { actorIn, isAuthor } from '../domain/actor.ts'
import { memberCommand } from '../member-command.ts'
import { rowsOf } from '../rows.ts'

export const deleteComment = () =>
  memberCommand(organizationOperations.deleteComment, {
    async run(transaction, { input, caller }) {
      const { organizationId, commentId } = input
      const comment = await commentOf(rowsOf(transaction), input)
      if (comment === undefined) return reject('not-found')
      if (!isAuthor(actorIn(caller), comment)) return reject('not-author')
      await transaction.query('delete from comments where comment_id = $1', [commentId])
      return {
        kind: 'accepted',
        answer: {},
        changes: [{ organizationId, thing: 'comment', thingId: commentId, action: 'deleted', after: null }],
      }
    },
    present: () => undefined,
  })
