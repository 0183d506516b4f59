import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { type CommentRow, commentColumns } from '../comment-rows.ts'
import { actorIn, authorOfRow, isAuthor } from '../domain/actor.ts'
import { memberRead } from '../guarded-read.ts'
import { pageOf, shownPage } from '../pages.ts'
import { authorIn, peopleAmong } from '../people.ts'

export const listComments = () =>
  memberRead(organizationOperations.listComments, async (input, context, _authority, caller) => {
    const { organizationId, incidentId } = input
    const found = await context.rows(
      'select from incidents where organization_id = $1 and incident_id = $2',
      [organizationId, incidentId],
    )
    if (found.length === 0) return reject('not-found')
    const { after, rowsMax } = pageOf(input)
    const rows = await context.rows<CommentRow>(
      `select ${commentColumns} from comments
       where organization_id = $1 and incident_id = $2 and ($3::uuid is null or comment_id < $3)
       order by comment_id desc limit $4`,
      [organizationId, incidentId, after, rowsMax],
    )
    const people = await peopleAmong(context.ask, rows.slice(0, rowsMax - 1).map(authorOfRow))
    const by = actorIn(caller)
    const shown = (row: CommentRow) => ({
      commentId: row.commentId,
      author: authorIn(people, authorOfRow(row)),
      content: row.content,
      createdAt: row.createdAt.toISOString(),
      changedAt: row.changedAt?.toISOString() ?? null,
      isOwn: isAuthor(by, row),
    })
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ commentId }) => commentId, shown) }
  })
