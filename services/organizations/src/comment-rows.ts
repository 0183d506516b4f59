import type { CommentId, IncidentId, OrganizationId } from '@matchday/contracts'
import type { Rows } from './rows.ts'

export type CommentRow = {
  readonly commentId: CommentId
  readonly content: string
  readonly authorKind: string
  readonly authorId: string
  readonly createdAt: Date
  readonly changedAt: Date | null
}

export const commentColumns = `comment_id as "commentId", content, author_kind as "authorKind",
  author_id as "authorId", created_at as "createdAt", changed_at as "changedAt"`

export async function commentOf(
  rows: Rows,
  ids: {
    readonly organizationId: OrganizationId
    readonly incidentId: IncidentId
    readonly commentId: CommentId
  },
): Promise<CommentRow | undefined> {
  const [row] = await rows<CommentRow>(
    `select ${commentColumns} from comments
     where organization_id = $1 and incident_id = $2 and comment_id = $3`,
    [ids.organizationId, ids.incidentId, ids.commentId],
  )
  return row
}
